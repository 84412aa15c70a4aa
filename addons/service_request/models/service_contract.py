from odoo import models

COVERED_RATES = ("parts", "labor", "travel")


class ServiceContract(models.Model):
    _inherit = "service.contract"

    def _get_promises_by_hand(self, requests):
        """What contracts promise when somebody chose them by hand, whatever their scopes say.

        The best line of each applies as long as its limits are not used up; a contract without
        lines covers all.

        :param requests: the service.request records that ask: what they used themselves of a limit
            does not count
        :return: ``{contract: answer}`` as of ``_cover``
        """
        lines = self.coverage_ids.filtered(lambda line: not line.is_exclusion)
        limited = lines.filtered(
            lambda line: line.request_limit or line.hour_limit or line.amount_limit
        )
        used = {}
        if limited:
            period = {line.id: (line.date_start, line.date_end) for line in limited}
            items = [{"request_id": request._origin.id} for request in requests]
            used = self._coverage_used_by_others(limited.ids, period, items)
            if requests == requests._origin:  # a form uses nothing up
                limited.filtered("request_limit")._claim_limits()
        by_contract = lines.grouped("contract_id")
        return {
            contract: contract._promise_by_hand(by_contract.get(contract, lines.browse()), used)
            for contract in self
        }

    def _promise_by_hand(self, lines, used):
        """The answer for one contract, out of its lines and what is used of them."""
        self.ensure_one()
        answers = [line._answer_by_hand(used.get(line.id, {})) for line in lines]
        if not answers:
            return {"contract_id": self.id, "rates": dict.fromkeys(COVERED_RATES, 100.0)}
        return max(
            answers, key=lambda answer: (sum(answer["rates"].values()), -answer["coverage_id"])
        )
