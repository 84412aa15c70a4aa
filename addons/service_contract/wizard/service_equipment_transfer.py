from odoo import api, fields, models
from odoo.exceptions import UserError


class ServiceEquipmentTransfer(models.TransientModel):
    """What becomes of the contracts of machines that change hands."""

    _inherit = "service.equipment.transfer"

    contract_ids = fields.Many2many(
        "service.contract",
        string="Contracts",
        compute="_compute_contract_ids",
        help="Contracts that are not over on that day, and name one of these machines.",
    )
    contract_action = fields.Selection(
        [
            ("end", "End the cover of these machines on that day"),
            ("keep", "Keep the cover with the old owner's contracts"),
            ("move", "Move the cover to the new owner"),
        ],
        string="Cover",
        help="End: the last covered day is the one before. Keep: nothing changes; the contracts "
        "cover for their own parties only. Move: contracts of the new owner make the same promises "
        "from that day on. Contracts with a customer, product or category as their scope name no "
        "machine: they leave with the old owner, whatever you choose.",
    )

    @api.depends("equipment_ids", "date")
    def _compute_contract_ids(self):
        for wizard in self:
            machines = wizard.equipment_ids._with_parts()
            wizard.contract_ids = machines._find_promises(wizard.date).contract_id

    def action_confirm(self):
        """Settle the contracts as chosen, then give the machines to the new customer."""
        self.ensure_one()
        if self.contract_ids and not self.contract_action and self._may_settle_contracts():
            raise UserError(
                self.env._(
                    "%(contracts)s name these machines: choose whether their cover ends, stays, or "
                    "moves to the new owner.",
                    contracts=", ".join(self.contract_ids.mapped("name")),
                )
            )
        return super().action_confirm()

    @api.model
    def _may_settle_contracts(self):
        return self.env["service.contract"].has_access("write")
