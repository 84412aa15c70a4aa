from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

from .periods import last_day


class ServiceContractCoverage(models.Model):
    """Warranties that are extended, after a repair or as a gesture."""

    _inherit = "service.contract.coverage"

    def action_extend_warranty(
        self, months=0, date=False, reason=False, res_model=False, res_id=False
    ):
        """Let these warranty lines cover longer, and tell the history of their machines.

        :param months: how many months longer, or
        :param date: the new last day
        :param reason: why
        :param res_model: model of the document that caused it (an intervention)
        :param res_id: its id
        :raise UserError: when no reason or neither months nor a date is given, a line is no
            warranty or has no end, or the new end is not later than the present one
        """
        ends = {line: line._get_extended_end(months, fields.Date.to_date(date)) for line in self}
        self._check_extension(ends, reason)
        events = []
        for line, end in ends.items():
            old_end = line.date_end
            line.date_end = end
            line.contract_id.message_post(
                body=self.env._(
                    "The warranty of %(line)s was extended from %(old)s to %(new)s: %(reason)s",
                    line=line.display_name,
                    old=format_date(self.env, old_end),
                    new=format_date(self.env, end),
                    reason=reason,
                )
            )
            events.append(
                {
                    "equipment_id": line.equipment_id.id,
                    "event_type": "warranty_extended",
                    "description": reason,
                    "old_value": fields.Date.to_string(old_end),
                    "new_value": fields.Date.to_string(end),
                    "res_model": res_model,
                    "res_id": res_id,
                }
            )
        self.env["service.equipment.event"].sudo().create(
            [values for values in events if values["equipment_id"]]
        )
        self.contract_id.filtered(lambda contract: contract.state == "expired")._reopen()

    def _get_extended_end(self, months, date):
        if date or not self.date_end:
            return date
        return last_day(self.date_end + timedelta(days=1), months, "month")

    def _check_extension(self, ends, reason):
        if not reason:
            raise UserError(self.env._("Say why the warranty is extended: a reason is missing."))
        for line, end in ends.items():
            if line.contract_id.kind != "warranty" or line.is_exclusion or not line.date_end:
                raise UserError(
                    self.env._(
                        "%(line)s in %(contract)s is no warranty with an end: only those can be "
                        "extended.",
                        line=line.display_name,
                        contract=line.contract_id.name,
                    )
                )
            if not end or end <= line.date_end:
                raise UserError(
                    self.env._(
                        "The warranty of %(line)s in %(contract)s ends on %(end)s: give a number "
                        "of months or a later date.",
                        line=line.display_name,
                        contract=line.contract_id.name,
                        end=format_date(self.env, line.date_end),
                    )
                )
