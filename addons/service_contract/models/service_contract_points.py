from odoo import api, fields, models


class ServiceContract(models.Model):
    """The points of a contract: granted once, and kept in a ledger."""

    _inherit = "service.contract"

    points_move_ids = fields.One2many("service.points.move", "contract_id", string="Points Ledger")
    points_balance = fields.Float(
        compute="_compute_points_balance", store=True, help="Sum of the points ledger."
    )
    allow_overdraft = fields.Boolean(
        help="Points may be used beyond the balance, which becomes negative.", tracking=True
    )
    _points_covered = models.Constraint(
        "CHECK (allow_overdraft IS TRUE OR COALESCE(points_balance, 0) > -0.005)",
        "A contract without overdraft cannot have a negative balance of points.",
    )

    @api.depends("points_move_ids.points")
    def _compute_points_balance(self):
        balances = dict(
            self.env["service.points.move"]._read_group(
                [("contract_id", "in", self.ids)], ["contract_id"], ["points:sum"]
            )
        )
        for contract in self:
            contract.points_balance = balances.get(contract._origin, 0.0)

    def _move_points(self, points, kind, source=None, note=False):
        """Append one movement to the points ledger.

        :param points: positive to give, negative to take
        :param kind: ``grant``, ``reserve``, ``debit``, ``release`` or ``manual``
        :param source: the record that caused it
        :return: the service.points.move
        :raise ValidationError: when the balance would become negative without overdraft
        """
        self.ensure_one()
        return (
            self.env["service.points.move"]
            .sudo()
            .create(
                {
                    "contract_id": self.id,
                    "points": points,
                    "kind": kind,
                    "res_model": source._name if source else False,
                    "res_id": source.id if source else False,
                    "note": note,
                }
            )
        )
