from odoo import api, fields, models
from odoo.tools.misc import formatLang

from .service_intervention_steps import UNDER_WAY

# what a clock measures, and the kind of consumption that it is
CONSUMED_AS = {"work": "labor", "travel": "travel"}


class ServiceIntervention(models.Model):
    """The time that the clock of a visit measured is consumed: labour, and travel.

    What somebody entered or planned in several lines is finer than the clock, and stays.
    """

    _inherit = "service.intervention"

    clocked_summary = fields.Char(
        string="Time to Be Consumed",
        compute="_compute_clocked_summary",
        help="What « Finish » will consume for the time that the clock measured.",
    )

    @api.depends("time_ids.start", "time_ids.stop", "consumption_ids.quantity", "helper_ids")
    def _compute_clocked_summary(self):
        for intervention in self:
            under_way = intervention._origin if intervention.state in UNDER_WAY else self.browse()
            measured = [under_way._measure(kind) for kind in CONSUMED_AS if under_way]
            intervention.clocked_summary = ", ".join(
                f"{formatLang(self.env, quantity)} {uom.name} × {product.name}"
                for _line, product, uom, quantity in filter(None, measured)
            )

    def _consume_clocks(self):
        """Make or correct the labour and the travel that the clocks of these visits consumed."""
        for intervention in self.filtered("request_id"):
            for kind in CONSUMED_AS:
                measured = intervention._measure(kind)
                if measured:
                    intervention._consume_clocked(kind, *measured)

    def _measure(self, kind):
        """What one kind of time consumes.

        :param kind: ``work`` or ``travel``
        :return: ``(line, product, uom, quantity)``, an empty line when there is none yet; None when
            the clock has nothing to say
        """
        self.ensure_one()
        lines = self.consumption_ids.filtered(lambda line: line.kind == CONSUMED_AS[kind])
        line = lines.filtered(lambda line: line.clocked_kind == kind)[:1]
        if line:
            if line._is_clocked_by_hand() or line._filter_locked():
                return None
        else:
            line = lines.filtered(lambda line: line.state != "cancelled")
            entered = line.filtered(lambda line: line.is_added_on_visit or line.state == "done")
            hours = self._get_clocked_hours(kind)
            if entered or len(line) > 1 or not hours or self.vendor_id or not self.technician_id:
                return None
        product = line.product_id
        if not product:
            rules_sudo = self.env["service.time.product"].sudo()
            product = rules_sudo._get_products(self.request_id, kind)[self.request_id]
            product = product.with_env(self.env)
        if not product:
            return None
        uom = line.uom_id or product.uom_id
        quantity = self._get_clocked_quantity(kind, uom, line.quantity or 1.0)
        return (line, product, uom, quantity) if line.clocked_kind or quantity else None

    def _get_clocked_quantity(self, kind, uom, flat):
        """The hours in a unit of time; what is sold by another unit counts as one, or as planned.

        :param flat: the quantity in a unit that is not of time
        """
        hours = self._get_clocked_hours(kind)
        hour = self.env.ref("uom.product_uom_hour")
        if not uom._has_common_reference(hour):
            return flat if hours else 0.0
        return hour._compute_quantity(hours, uom, rounding_method="HALF-UP")

    def _get_clocked_hours(self, kind):
        """Hours of one kind. All work, and travel together; a clock that runs counts until now.

        What somebody of them measured with the clock of the request is consumed by that clock.
        """
        self.ensure_one()
        now = fields.Datetime.now()
        stretches = [
            (time.start, time.stop or max(time.start, now))
            for time in self.time_ids
            if time.kind == kind
        ]
        hours = sum((stop - start).total_seconds() for start, stop in stretches) / 3600
        if kind == "travel":
            return hours
        crew_sudo = self.sudo()._get_crew()
        logs_sudo = self.env["service.time.log"].sudo()
        counted = logs_sudo.search(
            [("request_id", "=", self.request_id.id), ("user_id", "in", crew_sudo.user_id.ids)]
        ).filtered(lambda log: not log.stop or log.consumption_ids)
        twice = sum(
            max((min(stop, log.stop or stop) - max(start, log.start)).total_seconds(), 0.0)
            for start, stop in stretches
            for log in counted
        )
        return max(hours * len(crew_sudo) - twice / 3600, 0.0)

    def _consume_clocked(self, kind, line, product, uom, quantity):
        """Have a line say what the clock says; no time is no consumption."""
        self.ensure_one()
        values = {"quantity": quantity, "clocked_quantity": quantity, "clocked_kind": kind}
        if not line:
            line.create(
                [
                    {
                        "request_id": self.request_id.id,
                        "intervention_id": self.id,
                        "product_id": product.id,
                        "uom_id": uom.id,
                        "user_id": self.technician_user_id.id,
                        "done_date": self.done_date,
                        **values,
                    }
                ]
            )
        elif not quantity:
            line.action_cancel()
            line.clocked_kind = False  # were there time again, it would be another line
        elif not line.clocked_kind or uom.compare(quantity, line.quantity):
            line.write(values)
