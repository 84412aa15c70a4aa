from odoo import api, fields, models

from .service_request_coverage import NOTHING


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

    consumption_ids = fields.One2many("service.consumption", "equipment_line_id")

    # The decision, kept so that it can be shown and explained later
    coverage = fields.Selection(compute="_compute_coverage", store=True)
    coverage_id = fields.Many2one(
        "service.contract.coverage",
        string="Coverage Line",
        compute="_compute_coverage",
        store=True,
        index="btree_not_null",
    )
    contract_id = fields.Many2one(
        "service.contract", compute="_compute_coverage", store=True, index="btree_not_null"
    )
    coverage_reason = fields.Char(compute="_compute_coverage", store=True)
    parts_rate = fields.Float(compute="_compute_coverage", store=True)
    labor_rate = fields.Float(string="Labour Rate", compute="_compute_coverage", store=True)
    travel_rate = fields.Float(compute="_compute_coverage", store=True)
    points_flat = fields.Float(string="Flat Points", compute="_compute_coverage", store=True)

    _equipment_uniq = models.Constraint(
        "unique(request_id, equipment_id)",
        "This machine is on the request already: keep one line for it.",
    )

    @api.depends("request_id.competence_id")
    def _compute_competence_id(self):
        for line in self:
            line.competence_id = line.request_id.competence_id or line.competence_id

    @api.depends("request_id.coverage_manual", "coverage_manual")
    def _compute_coverage_mode(self):
        for line in self:
            decided = line.request_id.coverage_manual or line.coverage_manual
            line.coverage_mode = "manual" if decided else "auto"

    @api.depends(
        "coverage_manual",
        "equipment_id",
        "competence_id",
        "request_id.coverage_manual",
        "request_id.coverage_contract_id",
        "request_id.partner_id",
        "request_id.site_id",
        "request_id.date",
    )
    def _compute_coverage(self):
        automatic = self.filtered(
            lambda line: (
                line.equipment_id
                and line.request_id.partner_id
                and not line.coverage_manual
                and not line.request_id.coverage_manual
            )
        )
        answers = automatic._ask_coverage()
        for line in self:
            line.update(answers.get(line) or line._get_manual_decision())

    def _ask_coverage(self):
        """Return ``{line: values}``: what the coverage engine decides for each line."""
        if not self:
            return {}
        requests = [line.request_id for line in self]
        answers = self.env["service.request"]._decide_coverage(
            requests, [line._prepare_coverage_item() for line in self]
        )
        return {
            line: {
                "coverage": answer["status"],
                "coverage_id": answer["coverage_id"],
                "contract_id": answer["contract_id"],
                "coverage_reason": answer["reason"],
                "parts_rate": answer["rates"]["parts"],
                "labor_rate": answer["rates"]["labor"],
                "travel_rate": answer["rates"]["travel"],
                "points_flat": answer["points"],
            }
            for line, answer in zip(self, answers, strict=True)
        }

    def _prepare_coverage_item(self):
        self.ensure_one()
        request = self.request_id
        return {
            "partner_id": request.partner_id.id,
            "company_id": request.company_id.id,
            "agency_id": request.agency_id.id,
            "equipment_id": self.equipment_id.id,
            "competence_id": self.competence_id.id,
            "site_id": (self.equipment_id.site_id or request.site_id).id,
        }

    def _get_manual_decision(self):
        """The decision taken by hand for this line; no coverage while nothing is known."""
        self.ensure_one()
        request = self.request_id
        coverage = request.coverage_manual or self.coverage_manual
        rates = request._get_manual_rates(coverage) if coverage else NOTHING
        contract = request.coverage_contract_id if coverage == "contract" else False
        return {
            "coverage": coverage or "none",
            "coverage_id": False,
            "contract_id": contract,
            "coverage_reason": False,
            "parts_rate": rates["parts"],
            "labor_rate": rates["labor"],
            "travel_rate": rates["travel"],
            "points_flat": 0.0,
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
        return lines

    @api.depends("equipment_id")
    def _compute_display_name(self):
        for line in self:
            line.display_name = line.equipment_id.display_name
