from datetime import timedelta

from odoo import fields, models
from odoo.fields import Command


class ServiceContract(models.Model):
    """What the machines of contracts ran: usage lines, period by period."""

    _inherit = "service.contract"

    usage_line_ids = fields.One2many(
        "service.usage.line",
        "contract_id",
        string="Usage",
        groups="installed_base.group_service_user,account.group_account_invoice",
    )

    def _generate_usage(self, until):
        """Complete the usage lines of these contracts; what is not invoiced yet is read anew.

        :param until: date; periods that ended before it are complete
        :return: the new service.usage.line
        """
        terms = self._get_metered_terms()
        lines = self.env["service.usage.line"]
        lines.search(
            [
                ("term_id", "in", terms.ids),
                ("state", "=", "pending"),
                ("corrected_by_id", "=", False),
                ("invoice_line_ids", "=", False),
            ]
        ).unlink()
        groups = terms._get_meter_groups()
        known = lines.search([("term_id", "in", terms.ids)]).grouped(
            lambda line: (line.term_id, line.meter_id)
        )
        periods = {term: term.contract_id._get_usage_periods(until) for term in terms}
        spans = {
            (meter.id, period["date_from"], period["date_to"], period["date_start"])
            for term, meters in groups
            for meter in meters
            for period in periods[term]
        } | {
            (meter.id, line.date_from, line.date_to, line.contract_id.date_start)
            for group in known.values()
            for line in group
            for meter in line.meter_ids
        }
        read = self.env["service.meter"]._read_spans(spans)
        values, corrected = [], []
        for term, meters in groups:
            meter = meters.browse() if term.is_shared else meters
            before = known.get((term, meter), lines)
            for vals in term._prepare_usage(meters, before, periods[term], read):
                corrected.append(vals.pop("corrected"))
                values.append({**vals, "term_id": term.id, "meter_id": meter.id})
        new = lines.create(values)
        for line, old in zip(new, corrected, strict=True):
            old.corrected_by_id = line
        return new

    def _get_metered_terms(self):
        """The meter terms that may be invoiced now."""
        return self.meter_term_ids.filtered(
            lambda term: (
                term.contract_id.state != "draft"
                and term.contract_id.date_start
                and (term.product_id or term.contract_id.product_id)
            )
        )

    def _get_usage_periods(self, until):
        """The invoicing intervals that ended before a date, cut at the start and the end.

        :return: list of dicts ``date_from``, ``date_to``, ``intervals`` (1, or the part of one),
            ``date_start`` (of the contract)
        """
        self.ensure_one()
        ends = [self.date_end, self.termination_date and self.termination_date - timedelta(days=1)]
        end = min((day for day in ends if day), default=None)
        periods = []
        while True:
            begin, full = self._get_interval(len(periods))
            first = max(begin, self.date_start)
            to = min(full, end) if end else full
            if to >= until or to < first:
                return periods
            share = ((to - first).days + 1) / ((full - begin).days + 1)
            periods.append(
                {
                    "date_from": first,
                    "date_to": to,
                    "intervals": share,
                    "date_start": self.date_start,
                }
            )


class ServiceContractMeterTerm(models.Model):
    _inherit = "service.contract.meter.term"

    def _get_meter_groups(self):
        """List of (term, meters that its included volume is for)."""
        machines = self.contract_id.equipment_ids
        meters = self.env["service.meter"].search(
            [
                ("equipment_id", "in", machines.ids),
                ("type_id", "in", self.meter_type_id.ids),
                ("is_cumulative", "=", True),
            ]
        )
        groups = []
        for term in self:
            mine = meters.filtered(
                lambda meter, term=term: (
                    meter.type_id == term.meter_type_id
                    and meter.equipment_id in term.contract_id.equipment_ids
                )
            )
            if term.is_shared:
                groups += [(term, mine)] if mine else []
            else:
                groups += [(term, meter) for meter in mine]
        return groups

    def _prepare_usage(self, meters, lines, periods, read):
        """Values of the missing usage lines of one group of meters.

        A line that was read takes along every line before it, from the first one on that was only
        estimated or whose readings were corrected since.

        :param meters: service.meter that share the included volume
        :param lines: service.usage.line that exist
        :param periods: see ``service.contract._get_usage_periods``
        :param read: see ``service.meter._read_spans``
        :return: list of values, with ``corrected`` (service.usage.line)
        """
        self.ensure_one()
        current = [
            line._prepare_known(read)
            for line in lines.filtered(lambda line: not line.corrected_by_id)
        ]
        for period in periods:
            if any(c["date_from"] <= period["date_to"] <= c["date_to"] for c in current):
                continue
            found = meters._measure(period, read)
            earlier = [c for c in current if c["date_to"] < period["date_from"]]
            wrong = next((i for i, c in enumerate(earlier) if c["is_wrong"]), len(earlier))
            if wrong < len(earlier) and not found["is_wrong"]:
                found = self._join(earlier[wrong:], found)
                earlier = earlier[:wrong]
            later = [c for c in current if c["date_from"] > period["date_to"]]
            current = [*earlier, found, *later]
        return [self._prepare_usage_line(found) for found in current if "meter_ids" in found]

    def _join(self, before, found):
        """One measure of several periods, the last of which was read."""
        corrected = self.env["service.usage.line"].union(*(known["lines"] for known in before))
        return {
            **found,
            "date_from": before[0]["date_from"],
            "reading_from": before[0]["reading_from"] + found["earlier"],
            "intervals": sum(known["intervals"] for known in before) + found["intervals"],
            "measured": sum(known["measured"] for known in before) + found["measured"],
            "lines": corrected,
        }

    def _prepare_usage_line(self, found):
        consumed = found["measured"] + found["estimated"]
        tiers = self._get_price(consumed, found["intervals"])
        return {
            "contract_id": self.contract_id.id,
            "meter_ids": [Command.set(found["meter_ids"])],
            "date_from": found["date_from"],
            "date_to": found["date_to"],
            "intervals": found["intervals"],
            "reading_from": found["reading_from"],
            "reading_to": found["reading_to"],
            "consumed": consumed,
            "included": self.included * found["intervals"],
            "is_estimated": found["is_wrong"],
            "tiers": tiers,
            "amount_total": sum(tier["amount"] for tier in tiers),
            "amount_before": sum(found["lines"].mapped("amount_total")),
            "corrected": found["lines"],
        }
