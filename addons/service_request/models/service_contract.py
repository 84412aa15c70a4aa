from odoo import api, models

from odoo.addons.service_contract.models.coverage_rules import RATES

from .service_contract_coverage import LIMITS


class ServiceContract(models.Model):
    """What contracts promise to those who chose them by hand."""

    _inherit = "service.contract"

    @api.model
    def _judge_chosen(self, items):
        """What contracts promise when somebody chose them by hand, whatever their scopes say.

        The best line applies, of those that name the machine if any does, as long as its limits are
        not used up; a contract without lines covers all.

        :param items: list of dicts of the ``chosen_id`` of a contract, the ``equipment_id``, the
            ``request_id`` that asks (what it used itself of a limit does not count) and ``used_up``
            as of ``_cover``
        :return: list of answers as of ``_judge``, of the status ``contract``, in the same order
        """
        contracts = self.browse({item["chosen_id"] for item in items})
        lines = contracts.coverage_ids.filtered(lambda line: not line.is_exclusion)
        period = {line.id: (line.date_start, line.date_end) for line in lines if line.has_limits}
        used = self._coverage_used_by_others(list(period), period, items) if period else {}
        by_contract = lines.grouped("contract_id")
        answers = []
        for item in items:
            contract = self.browse(item["chosen_id"])
            own = by_contract.get(contract, lines.browse())
            named = own.filtered(
                lambda line, item=item: line.equipment_id.id == item["equipment_id"]
            )
            wanted = named if item["equipment_id"] and named else own
            answers.append(contract._promise_by_hand(wanted, used, item.get("used_up", ())))
        return answers

    def _promise_by_hand(self, lines, used, used_up):
        """The answer for one contract, out of its lines and what is used of them."""
        self.ensure_one()
        answers = [
            line._answer_by_hand(used.get(line.id, {}), line.id in used_up) for line in lines
        ]
        if not answers:
            return {
                "status": "contract",
                "contract_id": self.id,
                "coverage_id": False,
                "rates": dict.fromkeys(RATES, 100.0),
                "remaining": dict.fromkeys(LIMITS),
            }
        return max(
            answers,
            key=lambda answer: (
                sum(answer["rates"].values()),
                bool(answer["coverage_id"]),
                -answer["coverage_id"],
            ),
        )
