from odoo import fields, models

LIMITS = [
    ("requests", "Requests"),
    ("hours", "Hours"),
    ("amount", "Amount"),
    ("meter", "Meter"),
    ("points", "Points"),
]
THRESHOLDS = (80, 100)


class ServiceContractAlert(models.Model):
    """The salesperson was told that a limit is nearly, or wholly, used up: once for each period."""

    _name = "service.contract.alert"
    _description = "Contract Alert"
    _order = "contract_id, create_date desc, id desc"
    _rec_name = "limit"

    contract_id = fields.Many2one("service.contract", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(
        related="contract_id.company_id", store=True, precompute=True, index=True
    )
    coverage_id = fields.Many2one(
        "service.contract.coverage", index="btree_not_null", ondelete="cascade"
    )
    limit = fields.Selection(LIMITS, required=True)
    threshold = fields.Integer(string="Reached (%)", required=True)
    date_end = fields.Date(string="Of the Period until")

    _once = models.UniqueIndex(
        '(contract_id, COALESCE(coverage_id, 0), "limit", threshold, '
        "COALESCE(date_end, 'infinity'))",
        "This has been told already.",
    )
