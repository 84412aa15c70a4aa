from odoo import api, fields, models
from odoo.exceptions import UserError


class ServiceRequest(models.Model):
    """What people agree on about coverage: direct invoicing, and complex warranties."""

    _inherit = "service.request"

    direct_agreed_by_id = fields.Many2one(
        "res.partner",
        string="Agreed by",
        copy=False,
        index="btree_not_null",
        compute="_compute_direct_agreement",
        store=True,
        readonly=False,
        domain="[('commercial_partner_id', '=', commercial_partner_id)]",
        tracking=True,
        help="Who agreed for the customer to pay directly: whoever asked, unless told otherwise.",
    )
    direct_agreed_on = fields.Datetime(
        string="Agreed on",
        compute="_compute_direct_agreement",
        store=True,
        readonly=False,
        copy=False,
        help="When the customer agreed to pay directly.",
    )
    direct_agreement_ref = fields.Char(
        string="Agreement",
        copy=False,
        tracking=True,
        help="How the customer agreed: by phone, or the number of an order or e-mail.",
    )
    coverage_prompt = fields.Boolean(related="company_id.service_coverage_prompt")

    @api.depends("coverage_manual")
    def _compute_direct_agreement(self):
        for request in self:
            agreed = request.coverage_manual == "direct"
            person = request.direct_agreed_by_id or request.contact_id or request.partner_id
            moment = request.direct_agreed_on or fields.Datetime.now()
            request.direct_agreed_by_id = agreed and person
            request.direct_agreed_on = agreed and moment

    def _filter_asking(self):
        provisional = self.equipment_line_ids.filtered("coverage_to_confirm").request_id
        return super()._filter_asking() | provisional

    def _check_stage_change(self, stage):
        result = super()._check_stage_change(stage)
        open_lines = self.equipment_line_ids.filtered("coverage_to_confirm")
        if stage.is_closed and open_lines:
            raise UserError(
                self.env._(
                    "The coverage of %(machines)s is provisional: confirm or change it, with a "
                    "reason, before closing %(requests)s.",
                    machines=", ".join(open_lines.mapped("display_name")),
                    requests=", ".join(open_lines.request_id.mapped("name")),
                )
            )
        return result
