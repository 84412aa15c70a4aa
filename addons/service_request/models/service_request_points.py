from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import float_is_zero

MANAGER = "installed_base.group_service_manager"
# what may change the points that a request costs
DECIDING = {
    "coverage",
    "coverage_manual",
    "coverage_mode",
    "coverage_contract_id",
    "partner_id",
    "site_id",
    "competence_id",
    "date",
    "equipment_line_ids",
    "equipment_id",
    "consumption_ids",
    "stage_id",
    "points_manual",
    "is_points_manual",
}


class ServiceRequest(models.Model):
    """The points that a request costs its contracts: reserved, then debited when it is closed."""

    _inherit = "service.request"

    points_total = fields.Float(
        string="Points",
        compute="_compute_points",
        store=True,
        help="Flat points of the machines and points of what was consumed, unless set by hand.",
    )
    points_share = fields.Float(
        string="Paid by Points",
        compute="_compute_points",
        store=True,
        help="Share of the consumed amount that is paid by points instead of money.",
    )
    points_manual = fields.Float(
        string="Points by Hand",
        copy=False,
        help="Replaces the computed points when the request is closed.",
    )
    is_points_manual = fields.Boolean(
        string="Set Points by Hand",
        compute="_compute_is_points_manual",
        store=True,
        readonly=False,
        copy=False,
        help="Debit the points that you give, even none, instead of the computed ones.",
    )
    uses_points = fields.Boolean(
        readonly=True, copy=False, help="There are movements of points for this request."
    )

    @api.depends("points_manual")
    def _compute_is_points_manual(self):
        for request in self:
            request.is_points_manual = bool(request.points_manual)

    @api.depends(
        "points_flat",
        "equipment_line_ids.points_flat",
        "consumption_ids.points",
        "consumption_ids.amount_consumed",
        "consumption_ids.is_cancelled",
        "points_manual",
        "is_points_manual",
    )
    def _compute_points(self):
        for request in self:
            counted = request.consumption_ids.filtered(lambda c: not c.is_cancelled)
            consumed = sum(counted.mapped("amount_consumed"))
            by_points = counted.filtered(lambda c: c._get_decision()._costs_points())
            request.points_total = sum(points for _flat, points in request._get_points().values())
            request.points_share = (
                sum(by_points.mapped("amount_consumed")) / consumed if consumed else 0.0
            )

    def _get_points(self):
        """Return ``{contract: (flat points, all points)}`` of what the request costs."""
        self.ensure_one()
        flat, total = defaultdict(float), defaultdict(float)
        for decision in self.equipment_line_ids or self:
            if decision.points_flat and decision.contract_id:
                flat[decision.contract_id] += decision.points_flat
                total[decision.contract_id] += decision.points_flat
        for consumption in self.consumption_ids:
            if consumption.points and consumption.contract_id:
                total[consumption.contract_id] += consumption.points
        if self.is_points_manual:
            total = self._spread_manual_points(total)
        return {contract: (flat.get(contract, 0.0), points) for contract, points in total.items()}

    def _spread_manual_points(self, total):
        """Spread the points set by hand over the contracts, in proportion to what they would pay.

        Where none would, the contract that covers pays all.
        """
        computed = sum(total.values())
        if computed:
            return {
                contract: self.points_manual * points / computed
                for contract, points in total.items()
            }
        contract = self.contract_id or self._get_default_line().contract_id
        return {contract: self.points_manual} if contract else {}

    # ------------------------------------------------------------ ledger
    @api.model_create_multi
    def create(self, vals_list):
        requests = super().create(vals_list)
        requests._settle_points()
        return requests

    def write(self, vals):
        if {"points_manual", "is_points_manual"} & set(vals):
            self._check_may_set_points()
        result = super().write(vals)
        if not DECIDING.isdisjoint(vals):
            self._settle_points()
        return result

    def _check_may_set_points(self):
        if not self.env.su and not self.env.user.has_group(MANAGER):
            raise AccessError(
                self.env._("Points are set by hand by managers only: ask your service manager.")
            )
        closed = self.filtered(lambda r: r.state != "open")
        if closed:
            raise UserError(
                self.env._(
                    "The points of %(requests)s are settled: reopen before changing them.",
                    requests=", ".join(closed.mapped("name")),
                )
            )

    def _settle_points(self):
        """Bring the ledger in line with the requests: reserved while open, debited once closed.

        What is no longer right is undone by opposite movements; nothing is ever deleted.

        :raise ValidationError: when a contract without overdraft has not enough points left
        """
        wanted = {request: request._get_wanted_points() for request in self}
        concerned = self.filtered(lambda r: r.uses_points or wanted[r])
        if not concerned:
            return
        booked = concerned._read_booked_points()
        moves = []
        for request in concerned:
            for key in {**booked[request.id], **wanted[request]}:
                difference = wanted[request].get(key, 0.0) - booked[request.id].get(key, 0.0)
                if not float_is_zero(difference, precision_digits=2):
                    moves.append(request._prepare_points_move(*key, difference))
        if moves:
            concerned.sudo().uses_points = True
            # what comes back may pay what is taken
            moves.sort(key=lambda move: -move["points"])
            # anybody who may close a request debits its points, without a right on the ledger
            self.env["service.points.move"].sudo().create(moves)

    def _get_wanted_points(self):
        """``{(contract, "reserve" or "debit"): points}`` that the ledger must show."""
        self.ensure_one()
        if self.state == "open":
            points = {(c, "reserve"): -flat for c, (flat, _total) in self._get_points().items()}
        elif self.state == "closed":
            points = {(c, "debit"): -total for c, (_flat, total) in self._get_points().items()}
        else:
            points = {}
        return {key: value for key, value in points.items() if value}

    def _read_booked_points(self):
        """What the ledger shows of each request, as of ``_get_wanted_points``, by request id."""
        moves = (
            self.env["service.points.move"]
            .sudo()
            .search([("res_model", "=", self._name), ("res_id", "in", self.ids)])
        )
        booked = defaultdict(lambda: defaultdict(float))
        for move in moves:
            bucket = "debit" if move.kind == "debit" else "reserve"
            booked[move.res_id][move.contract_id.sudo(False), bucket] += move.points
        return booked

    def _prepare_points_move(self, contract, bucket, points):
        kind = "release" if bucket == "reserve" and points > 0 else bucket
        return {
            "contract_id": contract.id,
            "points": points,
            "kind": kind,
            "res_model": self._name,
            "res_id": self.id,
            "note": self.name,
        }
