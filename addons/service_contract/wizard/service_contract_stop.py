from odoo import api, fields, models


class ServiceContractStop(models.TransientModel):
    """Asks why and from when contracts are suspended or terminated."""

    _name = "service.contract.stop"
    _description = "Suspend or Terminate Contracts"

    contract_ids = fields.Many2many(
        "service.contract", string="Contracts", required=True, readonly=True
    )
    operation = fields.Selection(
        [("suspend", "Suspend"), ("terminate", "Terminate")], required=True, readonly=True
    )
    reason = fields.Char(required=True)
    date = fields.Date(
        string="From",
        compute="_compute_date",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        help="First day on which nothing is covered any more.",
    )

    @api.depends("contract_ids")
    def _compute_date(self):
        for wizard in self:
            wizard.date = wizard.date or wizard.contract_ids[:1].agency_id._get_today()

    def action_confirm(self):
        """Stop the contracts with the reason and the date given."""
        self.ensure_one()
        if self.operation == "suspend":
            self.contract_ids.action_suspend(self.reason, self.date)
        else:
            self.contract_ids.action_terminate(self.reason, self.date)
