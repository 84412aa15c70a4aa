from odoo import api, fields, models
from odoo.exceptions import UserError

from .service_coverage_mixin import FULL


class ServiceRequest(models.Model):
    """Whether a request is covered, by what, and who decided it."""

    _inherit = "service.request"

    coverage = fields.Selection(tracking=True)
    coverage_contract_id = fields.Many2one(
        domain="[('party_ids', '=', commercial_partner_id)]", tracking=True
    )
    coverage_sale_id = fields.Many2one(
        domain="[('partner_id', 'child_of', commercial_partner_id), ('state', '=', 'sale')]",
        tracking=True,
    )
    asked_on = fields.Date(
        compute="_compute_asked_on",
        store=True,
        precompute=True,
        help="The day of the request where its agency is: contracts are judged on it.",
    )

    @api.depends("date", "agency_id")
    def _compute_asked_on(self):
        for request in self:
            request.asked_on = request.agency_id._get_day(request.date or fields.Datetime.now())

    @api.depends(
        "equipment_line_ids.coverage", "competence_id", "partner_id", "site_id", "asked_on"
    )
    def _compute_coverage(self):
        # what machines use of a limit is not left for what is decided for whole requests
        self.equipment_line_ids.mapped("coverage")
        return super()._compute_coverage()

    @api.model_create_multi
    def create(self, vals_list):
        requests = super().create(vals_list)
        # now: what depends on it is then worked out afterwards, once
        requests.mapped("coverage")
        return requests

    def write(self, vals):
        """What was given up had freed its share of the limits: it asks anew when it is resumed."""
        cancelled = self.browse()
        if "stage_id" in vals:
            cancelled = self.filtered(lambda request: request.state == "cancelled")
        result = super().write(vals)
        resumed = cancelled.filtered(lambda request: request.state == "open")
        for records in (resumed.component_line_ids, resumed.equipment_line_ids, resumed):
            records._decide_again()
        return result

    def _get_request(self):
        return self

    def _get_coverage_parties(self):
        """Whose contracts and orders may cover: the customer, and the owners of the machines."""
        owners = self.equipment_line_ids.equipment_id.partner_id
        return (self.partner_id | owners).commercial_partner_id

    @api.constrains("coverage_contract_id", "coverage_sale_id", "partner_id")
    def _check_chosen_coverage(self):
        """Another customer does not take the contracts of the first one along."""
        for records in (self.equipment_line_ids, self.component_line_ids):
            records._check_chosen_coverage()
        return super()._check_chosen_coverage()

    def _prepare_coverage_item(self):
        # the machines decide where there are any
        if self.equipment_line_ids or not self.competence_id or not self.partner_id:
            return {}
        return {
            "request_id": self._origin.id,
            "partner_id": self.partner_id.id,
            "competence_id": self.competence_id.id,
            "site_id": self.site_id.id,
            "company_id": self.company_id.id,
            "agency_id": self.agency_id.id,
        }

    def _decide_otherwise(self):
        """The machines decide; without any the setting does, as soon as a customer is known."""
        if not self.partner_id:
            return {"coverage": False}
        if self.equipment_line_ids:
            return {"coverage": self.equipment_line_ids._aggregate_coverage()}
        covered = self.company_id.service_default_coverage == "full"
        return self._prepare_decision("full", {"rates": FULL}) if covered else {}

    @api.model
    def _decide_coverage(self, requests, items):
        """Ask the coverage engine, once for each day, and the contracts that were chosen.

        Where a limit leaves fewer requests than there are, or a contract fewer points than they
        cost, the earliest of them are covered.

        :param requests: list of the request of each item (a request may come twice)
        :param items: items of ``service.contract._cover``, or of its ``_judge_chosen``
        :return: list of the engine's answers without sentences, in the same order
        """
        answers = self._judge(requests, items)
        saved = [answer for request, answer in zip(requests, answers, strict=True) if request.id]
        self._find_request_limits(saved)._claim_limits()
        while late := {
            **self._find_late(requests, items, answers),
            **self._find_poor(requests, items, answers),
        }:
            items = [{**item, **late.get(position, {})} for position, item in enumerate(items)]
            answers = self._judge(requests, items)
        return answers

    @api.model
    def _judge(self, requests, items):
        contracts_sudo = self.env["service.contract"].sudo()
        by_day = {}
        for position, (request, item) in enumerate(zip(requests, items, strict=True)):
            day = None if "chosen_id" in item else request.asked_on
            by_day.setdefault(day, []).append(position)
        answers = [None] * len(items)
        for day, positions in by_day.items():
            asked = [items[position] for position in positions]
            decided = (
                contracts_sudo._judge(asked, day) if day else contracts_sudo._judge_chosen(asked)
            )
            for position, answer in zip(positions, decided, strict=True):
                answers[position] = answer
        return answers

    @api.model
    def _find_request_limits(self, answers):
        """The coverage lines among the answers that cover a limited number of requests."""
        return self.env["service.contract.coverage"].browse(
            {a["coverage_id"] for a in answers if a["remaining"]["requests"] is not None}
        )

    @api.model
    def _find_late(self, requests, items, answers):
        """Who comes too late for what a limit leaves of requests.

        :return: ``{position: {"used_up": ids}}``, to be added to the items that are asked again
        """
        limited_sudo = self._find_request_limits(answers).sudo()
        if not limited_sudo or len(set(requests)) == 1:
            return {}
        period = {line.id: (line.date_start, line.date_end) for line in limited_sudo}
        used = self.env["service.contract"]._coverage_used_by_others(
            limited_sudo.ids, period, items
        )
        left = {line.id: line.request_limit - used[line.id]["requests"] for line in limited_sudo}
        admitted = {line.id: set() for line in limited_sudo}
        late = {}
        for position, request in self._sort_by_turn(requests):
            coverage_id = answers[position]["coverage_id"]
            taken = admitted.get(coverage_id, {request})
            if request not in taken and len(taken) >= left[coverage_id]:
                late[position] = {
                    "used_up": [*items[position].get("used_up", ()), coverage_id],
                }
            else:
                taken.add(request)
        return late

    @api.model
    def _sort_by_turn(self, requests):
        """Pairs (position, request), who comes first first."""
        return sorted(enumerate(requests), key=lambda turn: turn[1]._get_turn())

    def _get_turn(self):
        """Sort key of who uses up limits first: what cancelled requests used does not count."""
        self.ensure_one()
        return (
            self.state == "cancelled",
            self.date or fields.Datetime.now(),
            self._origin.id or float("inf"),
        )

    @api.depends("partner_id", "equipment_line_ids.coverage_label")
    def _compute_coverage_label(self):
        result = super()._compute_coverage_label()
        for request in self:
            if not request.partner_id:
                request.coverage_label = self.env._(
                    "The customer must be given before coverage can be checked."
                )
            elif request.coverage_mode == "auto" and not request.coverage_label:
                request.coverage_label = request._explain_lines()
        return result

    def _explain_lines(self):
        """What covers the machines; without any, that the setting decided."""
        labels = [label for label in self.equipment_line_ids.mapped("coverage_label") if label]
        if labels:
            return "\n".join(dict.fromkeys(labels))
        if self.coverage == "full":
            return self.env._("Neither a machine nor a competence is given: covered by default.")
        return self.env._("Neither a machine nor a competence is given: not covered by default.")

    def action_examine_coverage(self):
        """Open the examination: every contract of the customer, and what can be done.

        It asks about the default machine; what is decided there holds for the whole request.

        :raise UserError: while no customer is named
        """
        self.ensure_one()
        return self._examine_coverage(self._get_default_line())

    def _examine_coverage(self, line, **values):
        """Open the examination of a machine of this request, or of the request without one."""
        if not self.partner_id:
            raise UserError(
                self.env._(
                    "Name the customer of %(request)s first: its contracts are examined.",
                    request=self.name,
                )
            )
        examination = self.env["service.coverage.examination"].create(
            {
                "request_id": self.id,
                "partner_id": self.partner_id.id,
                "equipment_id": line.equipment_id.id,
                "competence_id": (line.competence_id or self.competence_id).id,
                "site_id": (line.equipment_id.site_id or self.site_id).id,
                "date": self.asked_on,
                **values,
            }
        )
        return examination.action_examine()

    def action_reset_coverage(self):
        """Forget the coverage decided by hand, on the request, its machines and components."""
        automatic = {
            "coverage_manual": False,
            "coverage_contract_id": False,
            "coverage_sale_id": False,
        }
        self.component_line_ids.write(automatic)
        self.equipment_line_ids.write(automatic)
        return self.write(automatic)
