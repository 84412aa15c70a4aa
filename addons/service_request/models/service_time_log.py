from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

MINIMUM = timedelta(minutes=1)


class ServiceTimeLog(models.Model):
    """Time that a person spent on a request (X3: horodatage); running until it is stopped."""

    _name = "service.time.log"
    _description = "Time Log"
    _check_company_auto = True
    _order = "start desc, id desc"

    request_id = fields.Many2one("service.request", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="request_id.company_id", store=True, index=True)
    equipment_line_id = fields.Many2one(
        "service.request.equipment",
        string="Machine",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('request_id', '=', request_id)]",
        help="The machine that the time was spent on; empty for the default one.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Collaborator",
        required=True,
        index=True,
        default=lambda self: self.env.uid,
        domain="[('share', '=', False)]",
    )
    start = fields.Datetime(required=True, default=fields.Datetime.now)
    stop = fields.Datetime(help="Empty while the clock runs.")
    duration = fields.Float(
        string="Hours",
        compute="_compute_duration",
        inverse="_inverse_duration",
        store=True,
        help="Hours between start and stop; enter them to set the stop.",
    )
    is_running = fields.Boolean(compute="_compute_is_running", search="_search_is_running")
    note = fields.Char()
    consumption_ids = fields.One2many(
        "service.consumption", "time_log_id", help="The labour that this time consumed."
    )

    # in every tab and browser: the database knows
    _one_running = models.UniqueIndex(
        "(user_id) WHERE stop IS NULL", "Only one clock can run for a person: stop the other one."
    )
    _stop_after_start = models.Constraint(
        "CHECK (stop IS NULL OR stop >= start)", "A time log cannot stop before it starts."
    )
    _running_idx = models.Index("(request_id) WHERE stop IS NULL")

    @api.depends("start", "stop")
    def _compute_duration(self):
        for log in self:
            spent = log.stop - log.start if log.stop and log.start else timedelta()
            log.duration = spent.total_seconds() / 3600

    def _inverse_duration(self):
        for log in self.filtered("duration"):
            log.stop = log.start + timedelta(hours=log.duration)

    @api.depends("stop")
    def _compute_is_running(self):
        for log in self:
            log.is_running = not log.stop

    def _search_is_running(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [("stop", "in" if True in value else "not in", [False])]

    @api.depends("user_id", "request_id")
    def _compute_display_name(self):
        for log in self:
            log.display_name = f"{log.request_id.name}: {log.user_id.name}"

    # ------------------------------------------------------------ constraints
    @api.constrains("start", "stop")
    def _check_minimum(self):
        short = self.filtered(lambda log: log.stop and log.stop - log.start < MINIMUM)
        if short:
            raise ValidationError(
                self.env._(
                    "The time log of %(user)s on %(request)s lasts less than a minute: nothing is "
                    "kept under one.",
                    user=short[0].user_id.name,
                    request=short[0].request_id.name,
                )
            )

    @api.constrains("equipment_line_id", "request_id")
    def _check_equipment_line(self):
        for log in self.filtered("equipment_line_id"):
            if log.equipment_line_id.request_id != log.request_id:
                raise ValidationError(
                    self.env._(
                        "%(machine)s is not on the request %(request)s: add it there first.",
                        machine=log.equipment_line_id.display_name,
                        request=log.request_id.name,
                    )
                )

    # ------------------------------------------------------------ life
    @api.model_create_multi
    def create(self, vals_list):
        logs = super().create(vals_list)
        logs.request_id.check_access("read")
        logs._consume()
        return logs

    def write(self, vals):
        result = super().write(vals)
        if "request_id" in vals:
            self.request_id.check_access("read")
        if {"start", "stop", "duration", "user_id", "equipment_line_id"} & set(vals):
            self._consume()
        return result

    def unlink(self):
        self.consumption_ids.action_cancel()
        self.consumption_ids.time_log_id = False
        return super().unlink()

    @api.model
    def get_running(self):
        """The clock of the current user that runs, for the bar on top.

        :return: dict with ``id``, ``request_id``, ``request`` (its name), ``title`` and ``start``
            (UTC), or False
        """
        log_sudo = self._find_own_running()
        if not log_sudo:
            return False
        return {
            "id": log_sudo.id,
            "request_id": log_sudo.request_id.id,
            "request": log_sudo.request_id.name,
            "title": log_sudo.request_id.title,
            "start": fields.Datetime.to_string(log_sudo.start),
        }

    @api.model
    def _find_own_running(self):
        """The clock of the current user, sudoed: it runs on although the request was given to
        somebody else, or is of another company than the one that the user looks at."""
        return self.sudo().search([("user_id", "=", self.env.uid), ("stop", "=", False)])

    def action_stop(self):
        """Stop these clocks; what ran for less than a minute is not kept.

        :raise UserError: when a clock of somebody else is stopped without being a manager
        """
        foreign = self.sudo().filtered(lambda log: log.user_id != self.env.user).sudo(False)
        foreign.check_access("write")
        if foreign and not self.env.user.has_group("installed_base.group_service_manager"):
            raise UserError(
                self.env._(
                    "This is the clock of %(user)s: only they or a manager can stop it.",
                    user=foreign[0].user_id.name,
                )
            )
        self.sudo()._stop()
        return True

    @api.model
    def _start(self, request, equipment_line):
        """Start the current user's clock on a request, after stopping the one that runs."""
        self._find_own_running()._stop()
        log = self.create({"request_id": request.id, "equipment_line_id": equipment_line.id})
        log._tell_clock()
        return log

    def _stop(self):
        """Stop these clocks, sudoed: who may stop one need not see its request any more."""
        now = fields.Datetime.now()
        running = self.filtered(lambda log: not log.stop)
        running._tell_clock()
        kept = running.filtered(lambda log: now - log.start >= MINIMUM)
        kept.write({"stop": now})
        # the database must know before it is told of the next clock
        kept.flush_recordset(["stop"])
        (running - kept).unlink()

    def _tell_clock(self):
        """Let the clock on top of every tab of its user know that it started or stopped."""
        for user in self.user_id:
            user._bus_send("service_request.clock", {})

    # ------------------------------------------------------------ labour
    def _consume(self):
        """Make or update the labour that each finished log consumes."""
        finished = self.filtered("stop")
        if not finished:
            return
        finished._answer_customers()
        known = finished.filtered("consumption_ids")
        for log in known:
            log.consumption_ids.write(log._prepare_consumption(log.consumption_ids.product_id))
        new = finished - known
        products = self.env["service.time.product"].sudo()._get_products(new.request_id)
        self.env["service.consumption"].create(
            [
                {
                    "request_id": log.request_id.id,
                    "time_log_id": log.id,
                    "product_id": products[log.request_id].id,
                    **log._prepare_consumption(products[log.request_id]),
                }
                for log in new
                if products[log.request_id]
            ]
        )

    def _answer_customers(self):
        """The first work of its assignee on a request is an answer to the customer."""
        for log in self.filtered(lambda log: log.user_id == log.request_id.user_id):
            # whoever logs time may not write on a closed request
            log.request_id.sudo()._register_first_response(log.start)

    def _prepare_consumption(self, product):
        """Values of the labour of a log, in the unit of its product."""
        self.ensure_one()
        hour = self.env.ref("uom.product_uom_hour")
        values = {
            "quantity": hour._compute_quantity(
                self.duration, product.uom_id, rounding_method="HALF-UP"
            ),
            "uom_id": product.uom_id.id,
            "user_id": self.user_id.id,
            "done_date": self.stop,
        }
        if self.equipment_line_id:
            values["equipment_line_id"] = self.equipment_line_id.id
        return values
