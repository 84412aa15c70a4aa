from datetime import timedelta

from odoo import fields, models
from odoo.fields import Command

from .usage_periods import MeterGroup, cut_period


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
        groups = terms._get_meter_groups(until)
        read = self.env["service.meter"]._read_spans({s for g in groups for s in g.get_spans()})
        values, corrected = [], []
        for group in groups:
            for vals in group.term._prepare_usage(group, read):
                corrected.append(vals.pop("corrected"))
                term, meter = group.term, group.get_meter()
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

        :return: list of dicts ``date_from``, ``date_to``, ``intervals`` (1, or the part of one)
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
            periods.append({"date_from": first, "date_to": to, "intervals": share})

    def _get_metered_machines(self):
        """The machines of the contract, and those whose new owner still lets it bill their end."""
        self.ensure_one()
        billed = self.usage_line_ids.meter_ids.equipment_id
        given = billed.filtered(lambda m: m.owner_since and m.partner_id not in self.party_ids)
        return self.equipment_ids | given

    def _get_machine_days(self):
        """From which day on a machine is on the contract, and until when.

        The lines that name it say so. Where it is covered as one of the customer's, it is from the
        day on that it is theirs. A machine that is retired runs no more.

        :return: ``{machine: (first day, last day or None)}``
        """
        self.ensure_one()
        named = self.coverage_ids.filtered(
            lambda line: line.scope == "equipment" and not line.is_exclusion
        ).grouped("equipment_id")
        days = {}
        for machine in self._get_metered_machines():
            since = machine.owner_since or self.date_start
            if lines := named.get(machine) or named.get(machine.parent_id):
                first = min(line.date_start or self.date_start for line in lines)
                ends = lines.mapped("date_end")
            elif machine.partner_id in self.party_ids:
                first, ends = since, [False]
            else:
                first, ends = self.date_start, [since - timedelta(days=1)]
            last = [all(ends) and max(ends), machine.retirement_date]
            days[machine] = (max(first, self.date_start), min(filter(None, last), default=None))
        return days


class ServiceContractMeterTerm(models.Model):
    _inherit = "service.contract.meter.term"

    def _get_meter_groups(self, until):
        """What is to be billed of the meters of these terms.

        :param until: date; periods that ended before it are complete
        :return: list of ``MeterGroup``
        """
        days = {contract: contract._get_machine_days() for contract in self.contract_id}
        machines = [machine.id for on_contract in days.values() for machine in on_contract]
        found = self.env["service.meter"].search(
            [
                ("equipment_id", "in", machines),
                ("type_id", "in", self.meter_type_id.ids),
                ("is_cumulative", "=", True),
            ]
        )
        lines = self.env["service.usage.line"].search(
            [("term_id", "in", self.ids), ("corrected_by_id", "=", False)]
        )
        known = lines.grouped(lambda line: (line.term_id, line.meter_id))
        groups = []
        for term in self:
            on_contract = days[term.contract_id]
            mine = found.filtered(
                lambda meter, term=term, on_contract=on_contract: (
                    meter.type_id == term.meter_type_id and meter.equipment_id in on_contract
                )
            )
            periods = term.contract_id._get_usage_periods(until)
            for meters in [mine] * bool(mine) if term.is_shared else mine:
                before = known.get((term, meters.browse() if term.is_shared else meters), lines[:0])
                missing = before._get_missing_periods(periods)
                # what was billed of a machine that was taken off since stays billed
                always = (term.contract_id.date_start, None)
                meter_days = {
                    meter: on_contract.get(meter.equipment_id, always)
                    for meter in meters | before.meter_ids
                }
                if not term.is_shared:
                    missing = [cut_period(period, *meter_days[meters]) for period in missing]
                groups.append(
                    MeterGroup(term, meters, before, list(filter(None, missing)), meter_days)
                )
        return groups

    def _prepare_usage(self, group, read):
        """Values of the missing usage lines of one group of meters.

        A line that was read takes along every line before it, from the first one on that was only
        estimated or whose readings were corrected since.

        :param group: MeterGroup
        :param read: see ``service.meter._read_spans``
        :return: list of values, with ``corrected`` (service.usage.line)
        """
        self.ensure_one()
        current = [line._prepare_known(read, group.days) for line in group.lines]
        for period in group.periods:
            found = group.meters._measure(period, read, group.days)
            if not found["meter_ids"]:
                continue
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
