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

    @api.onchange("equipment_filter_id", "equipment_filter_customer_only")
    def _onchange_equipment_filter_id(self):
        """What the filter finds is seen before the request is saved."""
        lines = self.equipment_line_ids
        for equipment in self._find_by_filter() - lines.equipment_id:
            self.equipment_line_ids += lines.new({"equipment_id": equipment.id})

    @api.model_create_multi
    def create(self, vals_list):
        requests = super().create([self._name_header_machine(vals) for vals in vals_list])
        for request, vals in zip(requests, vals_list, strict=True):
            if self._is_filter_given(vals):
                request._add_found()
        return requests

    def write(self, vals):
        if vals.get("equipment_id") and "equipment_line_ids" not in vals:
            machine = self.env["service.equipment"].browse(vals["equipment_id"])
            for request in self:
                request._correct_machine(machine)
        mode = vals.get("equipment_mode")
        if mode:
            self.filtered(lambda r: r.equipment_mode != mode).equipment_line_ids.unlink()
        result = super().write(vals)
        if self._is_filter_given(vals):
            for request in self:
                request._add_found()
        return result

    @api.model
    def _name_header_machine(self, vals):
        """Values of a new request where the machine of the header is among the machines.

        What is decided from the machines before the request is written knows it then.
        """
        machine_id, commands = vals.get("equipment_id"), vals.get("equipment_line_ids") or []
        named = [c[2].get("equipment_id") for c in commands if c[0] == Command.CREATE]
        if not machine_id or machine_id in named:
            return vals
        added = Command.create({"equipment_id": machine_id, "is_default": True})
        return {**vals, "equipment_line_ids": [*commands, added]}

    def _correct_machine(self, machine):
        """Another machine was meant than the default one: it takes its place while that is bare."""
        line = self._get_default_line()
        if machine not in self.equipment_line_ids.equipment_id and line._is_bare():
            line.equipment_id = machine

    def _make_default(self, machine):
        """Make a machine the default one; it is added where it is not on the request yet."""
        lines = self.equipment_line_ids
        chosen = lines.filtered(lambda line: line.equipment_id == machine)
        (lines - chosen).filtered("is_default").is_default = False
        if chosen:
            chosen.is_default = True
        else:
            added = {"equipment_id": machine.id, "is_default": True}
            self.equipment_line_ids = [Command.create(added)]

    @api.onchange("equipment_line_ids")
    def _onchange_default(self):
        """Ticking another machine as the default one un-ticks the one before."""
        ticked = self.equipment_line_ids.filtered("is_default")
        new = ticked.filtered(lambda line: not line._origin.is_default)
        (ticked - (new or ticked)[-1:]).is_default = False

    def _is_filter_given(self, vals):
        """Whether values give a filter alone, which then names the machines."""
        return vals.get("equipment_filter_id") and not vals.get("equipment_line_ids")

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
        if not self._add_found():
            raise UserError(
                self.env._(
                    "« %(filter)s » finds no machine for %(customer)s: change the filter, or take "
                    "machines of other customers, too.",
                    filter=self.equipment_filter_id.name,
                    customer=self.partner_id.display_name,
                )
            )
        return True

    def _find_by_filter(self):
        """The service.equipment that the filter finds."""
        equipment = self.env["service.equipment"]
        if self.equipment_mode != "filtered" or not self.equipment_filter_id:
            return equipment
        return equipment.search(self._get_filter_domain())

    def _add_found(self):
        """Put what the filter finds on the request, and return it."""
        found = self._find_by_filter()
        self.equipment_line_ids = [
            Command.create({"equipment_id": equipment.id})
            for equipment in found - self.equipment_line_ids.equipment_id
        ]
        return found

    def _get_filter_domain(self):
        domain = self.env["service.equipment"]._get_target_domain(self.equipment_filter_id)
        domain &= Domain("company_id", "=", self.company_id.id)
        if self.equipment_filter_customer_only:
            domain &= Domain("partner_id", "=", self.partner_id.commercial_partner_id.id)
        return domain
