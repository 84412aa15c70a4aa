from odoo import api, fields, models
from odoo.exceptions import AccessError

OFFICE = "installed_base.group_service_user"
FULL = {"parts": 100.0, "labor": 100.0, "travel": 100.0}
NOTHING = {"parts": 0.0, "labor": 0.0, "travel": 0.0}


class ServiceRequest(models.Model):
    """Whether a request is covered, by what, and who decided it."""

    _inherit = "service.request"

    coverage = fields.Selection(tracking=True)
    coverage_contract_id = fields.Many2one(
        "service.contract",
        string="Covering Contract",
        index="btree_not_null",
        check_company=True,
        domain="[('partner_id', '=', commercial_partner_id)]",
        tracking=True,
        help="The contract to use when somebody decides « Covered by Contract ».",
    )
    coverage_sale_id = fields.Many2one(
        "sale.order",
        string="Covering Sales Order",
        index="btree_not_null",
        check_company=True,
        domain="[('partner_id', 'child_of', commercial_partner_id), ('state', '=', 'sale')]",
        tracking=True,
    )
    coverage_label = fields.Char(compute="_compute_coverage_label")

    @api.depends(
        "coverage_manual", "equipment_line_ids.coverage", "competence_id", "partner_id", "date"
    )
    def _compute_coverage(self):
        bare = self.filtered(
            lambda r: not r.coverage_manual and not r.equipment_line_ids and r.competence_id
        )
        answers = self._decide_coverage(
            bare,
            [
                {
                    "partner_id": r.partner_id.id,
                    "competence_id": r.competence_id.id,
                    "company_id": r.company_id.id,
                    "agency_id": r.agency_id.id,
                }
                for r in bare
            ],
        )
        found = {request: answer["status"] for request, answer in zip(bare, answers, strict=True)}
        for request in self:
            request.coverage = (
                request.coverage_manual
                or found.get(request)
                or request.equipment_line_ids._aggregate_coverage()
                or request.company_id.service_default_coverage
            )

    @api.model
    def _decide_coverage(self, requests, items):
        """Ask the coverage engine, once for each day.

        :param requests: the request of each item (an iterable: a request may come twice)
        :param items: items of ``service.contract._cover``
        :return: list of the engine's answers, in the same order
        """
        by_day = {}
        for position, request in enumerate(requests):
            asked = fields.Datetime.context_timestamp(
                request, request.date or fields.Datetime.now()
            )
            by_day.setdefault(asked.date(), []).append(position)
        answers = [None] * len(items)
        for day, positions in by_day.items():
            decided = self.env["service.contract"].sudo()._cover([items[p] for p in positions], day)
            for position, answer in zip(positions, decided, strict=True):
                answers[position] = answer
        return answers

    def _get_manual_rates(self, coverage):
        """Percents that we bear under a coverage decided by hand."""
        if coverage == "contract" and self.coverage_contract_id:
            return self.coverage_contract_id.sudo()._manual_rates()
        return NOTHING if coverage in ("none", "direct") else FULL

    @api.depends_context("lang")
    @api.depends(
        "coverage",
        "coverage_mode",
        "coverage_contract_id",
        "coverage_sale_id",
        "partner_id",
        "equipment_line_ids.coverage_reason",
    )
    def _compute_coverage_label(self):
        labels = dict(self._fields["coverage"]._description_selection(self.env))
        for request in self:
            if not request.partner_id:
                request.coverage_label = self.env._(
                    "The customer must be given before coverage can be checked."
                )
            elif request.coverage_mode == "auto":
                reason = request._get_default_line().coverage_reason
                request.coverage_label = reason or labels.get(request.coverage)
            else:
                request.coverage_label = request._get_manual_label()

    def _get_manual_label(self):
        self.ensure_one()
        if self.coverage == "none":
            return self.env._("Coverage refused by hand")
        if self.coverage == "contract" and self.coverage_contract_id:
            return self.env._(
                "Contract %(name)s, chosen by hand", name=self.coverage_contract_id.name
            )
        if self.coverage == "sale" and self.coverage_sale_id:
            return self.env._("Sales order %(name)s", name=self.coverage_sale_id.name)
        if self.coverage == "contract":
            return self.env._("Contract without number: given free, as goodwill")
        if self.coverage == "sale":
            return self.env._("Sales order without number: given free, as goodwill")
        if self.coverage == "goodwill":
            return self.env._("Goodwill: given free")
        return self.env._("Direct invoicing: the customer agreed to pay")

    def write(self, vals):
        decided = {"coverage", "coverage_manual", "coverage_mode", "coverage_contract_id"} & set(
            vals
        )
        if decided and not self.env.su and not self.env.user.has_group(OFFICE):
            raise AccessError(
                self.env._("Coverage is decided by the office: ask a call taker or your manager.")
            )
        return super().write(vals)

    def action_reset_coverage(self):
        """Forget the coverage decided by hand, on the request and on its machines."""
        self.equipment_line_ids.coverage_manual = False
        self.write({"coverage_manual": False, "coverage_contract_id": False})
