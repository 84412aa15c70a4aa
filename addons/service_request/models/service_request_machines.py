from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from .service_request_type import EQUIPMENT_MODES


class ServiceRequest(models.Model):
    """How the machines of a request are named: one by one, or by a saved filter."""

    _inherit = "service.request"

    equipment_mode = fields.Selection(
        EQUIPMENT_MODES,
        string="Machines Given",
        compute="_compute_equipment_mode",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        help="Listed: each machine is chosen, as for a repair. By a filter: a saved filter fills "
        "them in, as for maintenance.",
    )
    equipment_filter_id = fields.Many2one(
        "ir.filters",
        string="Filter of Machines",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        domain="[('model_id', '=', 'service.equipment')]",
        help="A filter that was saved as favourite on the list of equipment.",
    )
    equipment_filter_customer_only = fields.Boolean(
        string="Only of the Customer",
        default=True,
        help="Take only what the filter finds at the customer of the request.",
    )

    @api.depends("type_id")
    def _compute_equipment_mode(self):
        for request in self:
            usual = request.type_id.equipment_mode or request.equipment_mode or "listed"
            # machines that are named already are never taken off by a default
            keep = request.equipment_line_ids and request.equipment_mode
            request.equipment_mode = request.equipment_mode if keep else usual

    def write(self, vals):
        mode = vals.get("equipment_mode")
        if mode:
            self.filtered(lambda r: r.equipment_mode != mode).equipment_line_ids.unlink()
        return super().write(vals)

    def action_switch_equipment_mode(self):
        """Name the machines the other way; those that are named so far are taken off."""
        for request in self:
            listed = request.equipment_mode == "listed"
            request.equipment_mode = "filtered" if listed else "listed"
        return True

    def action_fill_equipment(self):
        """Put the machines that the filter finds on the request; those already there stay.

        :raise UserError: without a filter, or when it finds nothing
        """
        self.ensure_one()
        if not self.equipment_filter_id:
            raise UserError(self.env._("Choose a filter on %(request)s first.", request=self.name))
        found = self.env["service.equipment"].search(self._get_filter_domain())
        if not found:
            raise UserError(
                self.env._(
                    "« %(filter)s » finds no machine for %(customer)s: change the filter, or take "
                    "machines of other customers, too.",
                    filter=self.equipment_filter_id.name,
                    customer=self.partner_id.display_name,
                )
            )
        missing = found - self.equipment_line_ids.equipment_id
        self.equipment_line_ids = [
            Command.create({"equipment_id": equipment.id}) for equipment in missing
        ]
        return True

    def _get_filter_domain(self):
        domain = self.env["service.equipment"]._get_target_domain(self.equipment_filter_id)
        domain &= Domain("company_id", "=", self.company_id.id)
        if self.equipment_filter_customer_only:
            domain &= Domain("partner_id", "=", self.partner_id.commercial_partner_id.id)
        return domain
