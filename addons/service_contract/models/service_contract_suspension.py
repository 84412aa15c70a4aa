from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools.misc import format_date


class ServiceContractSuspension(models.Model):
    """Days on which a contract covered nothing; kept, so that a past day is judged as it was."""

    _name = "service.contract.suspension"
    _description = "Contract Suspension"
    _order = "contract_id, date_start desc, id desc"
    _rec_name = "reason"

    contract_id = fields.Many2one(
        "service.contract", required=True, index=True, ondelete="cascade", readonly=True
    )
    company_id = fields.Many2one(
        related="contract_id.company_id", store=True, precompute=True, index=True
    )
    date_start = fields.Date(string="From", required=True, help="First day without cover.")
    date_end = fields.Date(string="To", help="Last day without cover; empty: it goes on.")
    reason = fields.Char(required=True)

    _one_open = models.UniqueIndex(
        "(contract_id) WHERE date_end IS NULL", "The contract is suspended already."
    )

    @api.constrains("date_start", "date_end")
    def _check_dates(self):
        for suspension in self:
            if suspension.date_end and suspension.date_end < suspension.date_start:
                raise ValidationError(
                    self.env._(
                        "A suspension of %(contract)s would end on %(end)s, before it starts on "
                        "%(start)s: correct one of the dates.",
                        contract=suspension.contract_id.name,
                        start=format_date(self.env, suspension.date_start),
                        end=format_date(self.env, suspension.date_end),
                    )
                )
