from odoo import api, fields, models
from odoo.fields import Command

from ..models.coverage_rules import REJECTIONS


class ServiceCoverageExamination(models.TransientModel):
    """Every contract of a customer: does it cover, why not, and what can be done about it.

    It is opened from a machine; an addon that opens it from a document of its own adds a field for
    the document and inherits the form: buttons for the whole stand in ``footer``, buttons for one
    contract in the list of ``line_ids``, where ``contract_id`` and ``coverage_id`` say which. What
    is asked comes from :meth:`_get_item`.
    """

    _name = "service.coverage.examination"
    _description = "Coverage Examination"

    partner_id = fields.Many2one("res.partner", string="Customer", required=True)
    equipment_id = fields.Many2one("service.equipment", string="Machine")
    component_product_id = fields.Many2one("product.product", string="Component")
    competence_id = fields.Many2one("service.competence")
    site_id = fields.Many2one("res.partner")
    date = fields.Date(
        compute="_compute_date", store=True, readonly=False, required=True, precompute=True
    )
    status = fields.Selection(
        [("full", "Covered"), ("partial", "Partly Covered"), ("none", "Not Covered")],
        compute="_compute_answer",
    )
    reason = fields.Char(compute="_compute_answer")
    line_ids = fields.One2many(
        "service.coverage.examination.line",
        "examination_id",
        string="Contracts",
        compute="_compute_line_ids",
        store=True,
    )

    @api.depends("partner_id", "equipment_id")
    def _compute_date(self):
        for examination in self:
            agency = examination.equipment_id.agency_id or examination.partner_id.service_agency_id
            examination.date = examination.date or agency._get_today()

    def _get_item(self):
        """What the coverage engine is asked about: an item of ``service.contract._cover``."""
        self.ensure_one()
        return {
            "partner_id": self.partner_id.id,
            "equipment_id": self.equipment_id.id,
            "component_product_id": self.component_product_id.id,
            "competence_id": self.competence_id.id,
            "site_id": self.site_id.id,
        }

    def _ask(self):
        self.ensure_one()
        return self.env["service.contract"]._cover([self._get_item()], self.date)[0]

    @api.depends(
        "partner_id", "equipment_id", "component_product_id", "competence_id", "site_id", "date"
    )
    def _compute_answer(self):
        for examination in self:
            answer = examination._ask() if examination.partner_id else {}
            examination.status = answer.get("status", "none")
            examination.reason = answer.get("reason")

    @api.depends(
        "partner_id", "equipment_id", "component_product_id", "competence_id", "site_id", "date"
    )
    def _compute_line_ids(self):
        for examination in self:
            lines = examination._examine() if examination.partner_id else []
            examination.line_ids = [Command.clear(), *(Command.create(vals) for vals in lines)]

    def _examine(self):
        """Values of a line for each contract that the customer may call on, the best one first."""
        self.ensure_one()
        answer = self._ask()
        verdicts = self._get_verdicts(answer)
        contracts = self.env["service.contract"].search(
            [
                ("party_ids", "in", self.partner_id.commercial_partner_id.ids),
                ("company_id", "in", (self.equipment_id.company_id or self.env.companies).ids),
            ]
        )
        elsewhere = self.env["service.contract"]._render_reasons(
            [("scope", {"contract": contract.name}) for contract in contracts]
        )
        values = []
        for contract, sentence in zip(contracts, elsewhere, strict=True):
            code, coverage_id, reason = verdicts.get(contract.id, ("scope", False, sentence))
            values.append(
                {
                    "contract_id": contract.id,
                    "coverage_id": coverage_id,
                    "code": code,
                    "is_covered": code == "less_favourable"
                    or (not code and answer["status"] != "none"),
                    "is_chosen": not code,
                    "reason": reason,
                }
            )
        return sorted(values, key=lambda line: (not line["is_chosen"], -_rank(line["code"])))

    @api.model
    def _get_verdicts(self, answer):
        """``{contract id: (code, coverage id, reason)}``: of each contract its closest line."""
        verdicts = {}
        for part in sorted(answer["rejected"], key=lambda part: _rank(part["code"])):
            verdicts[part["contract_id"]] = (part["code"], part["coverage_id"], part["reason"])
        if answer["contract_id"]:
            verdicts[answer["contract_id"]] = ("", answer["coverage_id"], answer["reason"])
        return verdicts

    def action_examine(self):
        """Examine again, with what was changed."""
        self.ensure_one()
        return {
            **self.env["ir.actions.actions"]._for_xml_id(
                "service_contract.service_coverage_examination_action"
            ),
            "res_id": self.id,
        }

    def action_quote_contract(self):
        """Open a new quotation for the customer, to sell it a contract."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Quotation"),
            "res_model": "sale.order",
            "view_mode": "form",
            "context": {"default_partner_id": self.partner_id.id},
        }


def _rank(code):
    """How close a verdict comes to covering: the chosen one is the closest."""
    return REJECTIONS.index(code) if code else len(REJECTIONS)
