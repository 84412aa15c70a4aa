from odoo import api, models
from odoo.tools import SQL


class ServiceCoverageEngine(models.AbstractModel):
    """What requests have used of the contracts' limits and points."""

    _inherit = "service.coverage.engine"

    @api.model
    def _coverage_usage(self, coverage_ids, period):
        usage = super()._coverage_usage(coverage_ids, period)
        for coverage_id, used in self._read_request_usage(period).items():
            for name, value in used.items():
                usage[coverage_id][name] += value
        return usage

    @api.model
    def _coverage_own_usage(self, coverage_ids, period, items):
        asking = [item["request_id"] for item in items if item.get("request_id")]
        return self._read_request_usage(period, asking) if asking else {}

    @api.model
    def _read_request_usage(self, period, request_ids=None):
        """What requests used of coverage lines, in one query.

        :param period: ``{coverage id: (first day, last day or None)}``
        :param request_ids: only what these used (default: all)
        :return: as of ``_coverage_usage``, amounts in the contract's currency
        """
        self.env["service.request"].flush_model(["asked_on", "state", "currency_id", "coverage_id"])
        self.env["service.request.equipment"].flush_model(["coverage_id", "request_id"])
        self.env["service.consumption"].flush_model(
            ["coverage_id", "request_id", "state", "hours_borne", "amount_borne"]
        )
        rows = self.env.execute_query(
            SQL(
                """
                WITH promise AS (
                    SELECT * FROM unnest(%(ids)s::int[], %(starts)s::date[], %(ends)s::date[])
                        AS promise (id, date_start, date_end)
                ), used AS (
                    SELECT coverage_id, request_id FROM service_request_equipment
                     WHERE coverage_id = ANY(%(ids)s)
                 UNION
                    SELECT coverage_id, id FROM service_request WHERE coverage_id = ANY(%(ids)s)
                 UNION
                    SELECT coverage_id, request_id FROM service_consumption
                     WHERE coverage_id = ANY(%(ids)s) AND state != 'cancelled'
                ), consumed AS (
                    SELECT coverage_id, request_id, SUM(hours_borne) AS hours,
                           SUM(amount_borne) AS amount
                      FROM service_consumption
                     WHERE coverage_id = ANY(%(ids)s) AND state != 'cancelled'
                  GROUP BY coverage_id, request_id
                )
                SELECT used.coverage_id, request.currency_id, COUNT(*),
                       SUM(consumed.hours), SUM(consumed.amount)::float8
                  FROM used
                  JOIN service_request request ON request.id = used.request_id
                  JOIN promise ON promise.id = used.coverage_id
             LEFT JOIN consumed ON consumed.coverage_id = used.coverage_id
                   AND consumed.request_id = used.request_id
                 WHERE request.state != 'cancelled'
                   AND (%(asking)s::int[] IS NULL OR request.id = ANY(%(asking)s))
                   AND request.asked_on >= promise.date_start
                   AND (promise.date_end IS NULL OR request.asked_on <= promise.date_end)
              GROUP BY used.coverage_id, request.currency_id
                """,
                ids=list(period),
                starts=[start or None for start, _end in period.values()],
                ends=[end or None for _start, end in period.values()],
                asking=request_ids,
            )
        )
        usage = {}
        for coverage_id, currency, requests, hours, amount in rows:
            used = usage.setdefault(coverage_id, {"requests": 0, "hours": 0.0, "amount": 0.0})
            used["requests"] += requests
            used["hours"] += hours or 0.0
            used["amount"] += self._to_contract_currency(coverage_id, currency, amount or 0.0)
        return usage

    @api.model
    def _to_contract_currency(self, coverage_id, currency_id, amount):
        contract = self.env["service.contract.coverage"].browse(coverage_id).contract_id.sudo()
        if not amount or contract.currency_id.id == currency_id:
            return amount
        currency = self.env["res.currency"].browse(currency_id)
        return currency._convert(amount, contract.currency_id, contract.company_id, round=False)

    @api.model
    def _coverage_reserved_points(self, contract_ids, items):
        held = super()._coverage_reserved_points(contract_ids, items)
        asking = [item["request_id"] for item in items if item.get("request_id")]
        if not asking:
            return held
        moves = self.env["service.points.move"].sudo()
        for contract, points in moves._read_group(
            [
                ("contract_id", "in", contract_ids),
                ("res_model", "=", "service.request"),
                ("res_id", "in", asking),
            ],
            ["contract_id"],
            ["points:sum"],
        ):
            held[contract.id] = held.get(contract.id, 0.0) - points
        return held
