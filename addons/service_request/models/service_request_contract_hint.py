from datetime import timedelta

from odoo import api, fields, models
from odoo.tools.misc import format_date

SOON = timedelta(days=60)


class ServiceRequest(models.Model):
    """Something to speak about with the caller: a contract that covers, and ends soon."""

    _inherit = "service.request"

    contract_hint = fields.Char(
        compute="_compute_contract_hint",
        help="Which of the contracts that cover the machines ends within 60 days, and is not "
        "renewed.",
    )

    @api.depends_context("lang")
    @api.depends("contract_id", "equipment_line_ids.contract_id", "state")
    def _compute_contract_hint(self):
        today = fields.Date.context_today(self)
        for request in self:
            running = request.state in (False, "open")
            contracts = request.contract_id | request.equipment_line_ids.contract_id
            # that a contract ends is no secret, what it costs may be
            ending_sudo = contracts.sudo().filtered(
                lambda contract: (
                    contract.date_end
                    and today <= contract.date_end <= today + SOON
                    and not contract.successor_ids
                    and not contract.termination_date
                )
            )
            request.contract_hint = running and " ".join(
                self.env._(
                    "%(contract)s ends on %(date)s (in %(days)s days): speak about what comes "
                    "next.",
                    contract=contract.name,
                    date=format_date(self.env, contract.date_end),
                    days=(contract.date_end - today).days,
                )
                for contract in ending_sudo
            )
