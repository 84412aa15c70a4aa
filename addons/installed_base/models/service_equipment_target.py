import ast

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import safe_eval

# What a saved filter may be made of: plain values, sums of dates, and calls of the names below.
ALLOWED_NODES = (
    ast.Expression,
    ast.List,
    ast.Tuple,
    ast.Constant,
    ast.Load,
    ast.Call,
    ast.keyword,
    ast.BinOp,
    ast.Add,
    ast.Sub,
    ast.UnaryOp,
    ast.USub,
)
ALLOWED_ATTRIBUTES = {"strftime", "date", "datetime", "time", "combine", "now", "today"}
MAX_LENGTH = 20_000
BROKEN = (ArithmeticError, LookupError, RecursionError, SyntaxError, TypeError, ValueError)


class ServiceEquipment(models.Model):
    """Targeting: a saved favourite of the machines, for requests and plans."""

    _inherit = "service.equipment"

    @api.model
    def _get_target_domain(self, favourite):
        """The domain of a saved favourite of the machines, as the current user sees it.

        Call it ``with_user`` of whoever chose the target, and search as that user: the filter is
        evaluated with this user's id, day and companies, and shows this user's machines.

        :param favourite: an ir.filters record
        :return: a valid Domain of service.equipment
        :raise UserError: when it is no favourite of machines, belongs to somebody else, or is
            broken
        """
        favourite_sudo = favourite.sudo().exists()
        if not favourite_sudo:
            raise UserError(self.env._("The saved filter does not exist any more: choose another."))
        favourite_sudo.ensure_one()
        if favourite_sudo.model_id != self._name:
            raise UserError(
                self.env._(
                    "The saved filter « %s » is none of machines: choose one that was saved in the "
                    "list of the equipment.",
                    favourite_sudo.name,
                )
            )
        owners = favourite_sudo.user_ids
        if owners and self.env.user not in owners:
            raise UserError(
                self.env._(
                    "The saved filter « %(filter)s » belongs to %(owners)s: ask to share it, or "
                    "save your own.",
                    filter=favourite_sudo.name,
                    owners=", ".join(owners.mapped("name")),
                )
            )
        try:
            return self._evaluate_target(favourite_sudo.domain)
        except (*BROKEN, AccessError) as error:
            raise UserError(
                self.env._(
                    "The saved filter « %(filter)s » is broken (%(error)s): open the list of the "
                    "equipment, and save it again.",
                    filter=favourite_sudo.name,
                    error=str(error).partition("\n")[0],
                )
            ) from error

    @api.model
    def _evaluate_target(self, text):
        """Evaluate the text of a domain that contains no code, and check its fields."""
        if len(text) > MAX_LENGTH:
            raise ValueError(self.env._("it is too long"))
        names = self._get_target_names()
        for node in ast.walk(ast.parse(text.strip(), mode="eval")):
            self._check_target_node(node, names)
        domain = Domain(safe_eval.safe_eval(text.strip(), names))
        domain.validate(self)
        return domain

    @api.model
    def _get_target_names(self):
        """The names that the web client lets a saved filter use."""
        today = fields.Date.context_today(self)
        return {
            "uid": self.env.uid,
            "context_today": lambda: today,
            "current_date": today.isoformat(),
            "allowed_company_ids": self.env.companies.ids,
            "current_company_id": self.env.company.id,
            "datetime": safe_eval.datetime,
            "relativedelta": relativedelta,
            "true": True,
            "false": False,
        }

    @api.model
    def _check_target_node(self, node, names):
        if isinstance(node, ast.Name):
            allowed = node.id in names
        elif isinstance(node, ast.Attribute):
            allowed = node.attr in ALLOWED_ATTRIBUTES
        else:
            allowed = isinstance(node, ALLOWED_NODES)
        if not allowed:
            raise ValueError(self.env._("it contains code: « %s »", ast.unparse(node)))
