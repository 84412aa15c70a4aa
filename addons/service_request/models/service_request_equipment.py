from odoo import api, fields, models

from .service_coverage_mixin import DECISIONS

POINTS_FOLLOW = {"equipment_id", "competence_id", *DECISIONS}


class ServiceRequestEquipment(models.Model):
    """One machine of a request, with the coverage that was found for it (X3: SREMAC)."""

    _name = "service.request.equipment"
    _description = "Request Equipment"
    _inherit = ["service.coverage.mixin"]
    _check_company_auto = True
    _order = "request_id, sequence, id"
    _rec_name = "equipment_id"

    request_id = fields.Many2one("service.request", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="request_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    equipment_id = fields.Many2one(
        "service.equipment", required=True, index=True, check_company=True, ondelete="restrict"
    )
    product_id = fields.Many2one(related="equipment_id.product_id")
    serial_number = fields.Char(related="equipment_id.serial_number")
    equipment_site_id = fields.Many2one(related="equipment_id.site_id", string="Site")
    competence_id = fields.Many2one(
        "service.competence",
        compute="_compute_competence_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
    )
    is_default = fields.Boolean(
        string="Default", help="Consumptions that name no machine go to this one."
    )
    intervention_group = fields.Char(
        help="Machines with the same code go on the same intervention."
    )

    component_line_ids = fields.One2many(
        "service.request.component", "equipment_line_id", string="Components", copy=True
    )
    consumption_ids = fields.One2many("service.consumption", "equipment_line_id")

    _equipment_uniq = models.Constraint(
        "unique(request_id, equipment_id)",
        "This machine is on the request already: keep one line for it.",
    )

    @api.depends("request_id.competence_id")
    def _compute_competence_id(self):
        for line in self:
            line.competence_id = line.request_id.competence_id or line.competence_id

    @api.depends("request_id.coverage_manual")
    def _compute_coverage_mode(self):
        result = super()._compute_coverage_mode()
        self.filtered("request_id.coverage_manual").coverage_mode = "manual"
        return result

    @api.depends(
        "equipment_id",
        "competence_id",
        "request_id.coverage_manual",
        "request_id.coverage_contract_id",
        "request_id.coverage_sale_id",
        "request_id.partner_id",
        "request_id.site_id",
        "request_id.date",
    )
    def _compute_coverage(self):
        return super()._compute_coverage()

    def _get_request(self):
        return self.request_id

    def _get_choice(self):
        """A decision on the whole request imposes itself on its machines."""
        return (
            self.request_id._get_choice()
            if self.request_id.coverage_manual
            else super()._get_choice()
        )

    def _prepare_coverage_item(self):
        request = self.request_id
        if not self.equipment_id or not request.partner_id:
            return {}
        return {
            "request_id": request._origin.id,
            "partner_id": request.partner_id.id,
            "company_id": request.company_id.id,
            "agency_id": request.agency_id.id,
            "equipment_id": self.equipment_id.id,
            "competence_id": self.competence_id.id,
            "site_id": (self.equipment_id.site_id or request.site_id).id,
        }

    def _aggregate_coverage(self):
        """Coverage of the whole out of its lines: all full, none at all, or partial."""
        as_full = {"full", "contract", "sale", "goodwill"}
        kinds = {
            "full"
            if line.coverage in as_full
            else "partial"
            if line.coverage == "partial"
            else "none"
            for line in self
        }
        if not kinds:
            return False
        return kinds.pop() if len(kinds) == 1 else "partial"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        for request in lines.request_id:
            if not request.equipment_line_ids.filtered("is_default"):
                request.equipment_line_ids[:1].is_default = True
        lines.request_id._settle_points()
        return lines

    def write(self, vals):
        result = super().write(vals)
        if not POINTS_FOLLOW.isdisjoint(vals):
            self.request_id._settle_points()
        return result

    def unlink(self):
        requests = self.request_id
        result = super().unlink()
        requests._settle_points()
        return result

    @api.depends("equipment_id")
    def _compute_display_name(self):
        for line in self:
            line.display_name = line.equipment_id.display_name
