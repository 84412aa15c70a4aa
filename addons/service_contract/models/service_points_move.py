from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL, float_compare


class ServicePointsMove(models.Model):
    """One movement of a contract's points. Append-only: a mistake is undone by an opposite move."""

    _name = "service.points.move"
    _description = "Points Movement"
    _inherit = ["service.append.only"]
    _check_company_auto = True
    _order = "date desc, id desc"

    contract_id = fields.Many2one(
        "service.contract", required=True, index=True, ondelete="restrict", check_company=True
    )
    company_id = fields.Many2one(related="contract_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="contract_id.partner_id", store=True, index=True)
    date = fields.Datetime(required=True, default=fields.Datetime.now)
    points = fields.Float(required=True, help="Positive: granted or released; negative: used.")
    kind = fields.Selection(
        [
            ("grant", "Grant"),
            ("reserve", "Reservation"),
            ("debit", "Debit"),
            ("release", "Release"),
            ("manual", "By Hand"),
        ],
        required=True,
        default="manual",
    )
    res_model = fields.Char(string="Source Model", readonly=True)
    res_id = fields.Many2oneReference(
        string="Source Document", model_field="res_model", readonly=True
    )
    user_id = fields.Many2one(
        "res.users", required=True, readonly=True, default=lambda self: self.env.uid
    )
    note = fields.Char()

    _source_idx = models.Index("(res_id) WHERE res_id IS NOT NULL")
    _points_not_zero = models.Constraint(
        "CHECK (points != 0)", "A movement of no points says nothing: give their number."
    )

    @api.depends("contract_id", "points")
    def _compute_display_name(self):
        for move in self:
            contract = move.contract_id.display_name
            move.display_name = contract and f"{contract}: {move.points:+g}"

    @api.model_create_multi
    def create(self, vals_list):
        self._lock_contracts({vals.get("contract_id") for vals in vals_list} - {None, False})
        moves = super().create(vals_list)
        moves._check_balance()
        return moves

    @api.model
    def _lock_contracts(self, contract_ids):
        """Let movements of one contract happen one after the other.

        Who waited here for another transaction fails to serialize and is retried by Odoo with the
        new balance, because each movement rewrites the balance on the contract.
        """
        if contract_ids:
            self.env.execute_query(
                SQL(
                    "SELECT id FROM service_contract WHERE id IN %s ORDER BY id FOR NO KEY UPDATE",
                    tuple(contract_ids),
                )
            )

    def _check_balance(self):
        for contract in self.contract_id:
            balance = contract.points_balance
            if contract.allow_overdraft or float_compare(balance, 0, precision_digits=2) >= 0:
                continue
            moved = sum(move.points for move in self if move.contract_id == contract)
            raise ValidationError(
                self.env._(
                    "%(contract)s has %(balance)g points left and %(needed)g are needed: sell "
                    "points to the customer, or allow an overdraft on the contract.",
                    contract=contract.display_name,
                    balance=balance - moved,
                    needed=-moved,
                )
            )
