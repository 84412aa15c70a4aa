from odoo import models
from odoo.fields import Command

PLAN = ("quantity", "note", "is_to_order")
PLAN_LINKS = ("user_id", "van_location_id")
SAME = (
    "intervention_id",
    "request_id",
    "product_id",
    "uom_id",
    "equipment_line_id",
    "component_line_id",
)


class ServiceConsumption(models.Model):
    """What is said of a planned part, and how it is taken back: the plan is as it was then."""

    _inherit = "service.consumption"

    def _read_plan(self):
        """What was planned, as values that JSON and ``write`` understand."""
        self.ensure_one()
        return {
            **{name: self[name] for name in PLAN},
            **{name: self[name].id for name in PLAN_LINKS},
            "lot_ids": self.lot_ids.ids,
        }

    def _split_used(self, quantity):
        """What was used of a planned line, apart from the rest, which stays planned.

        :param quantity: what was used, in the unit of the line
        :return: a new line, still undone; this one when nothing is left of it
        """
        self.ensure_one()
        rest = self.quantity - quantity
        if self.uom_id.compare(rest, 0.0) <= 0:
            return self
        self.quantity = rest
        return self.create([self._prepare_same(quantity)])

    def _take_back(self, plan=None, rest=None):
        """Undo what was said of a line: its parts return to where they came from.

        Nothing happens to a line that is undone or cancelled as wanted already.

        :param plan: what ``_read_plan`` of the line said before, when it was planned
        :param rest: the line that this one was split from, when a part of it was used
        """
        self.ensure_one()
        if plan and self.state in ("done", "cancelled"):
            self.action_cancel()
            lots = [Command.set(plan["lot_ids"])]
            self.write({**plan, "lot_ids": lots, "done_date": False, "is_cancelled": False})
        elif not plan and self.state != "cancelled":
            self.action_cancel()
            if rest:
                rest._plan_more(self.quantity)

    def _plan_more(self, quantity):
        """Plan as much again of a part, beside what became of the line meanwhile."""
        self.ensure_one()
        if self.state in ("todo", "planned"):
            self.quantity += quantity
        else:
            again = self.create([self._prepare_same(quantity)])
            again.is_added_on_visit = False

    def _prepare_same(self, quantity):
        """Values of another line of the same part for the same machine, with nothing of what was
        said of this one, nor of its prices, which a technician does not know."""
        return {
            "quantity": quantity,
            "kind": self.kind,
            "planned_date": self.planned_date,
            **{name: self[name].id for name in SAME},
        }
