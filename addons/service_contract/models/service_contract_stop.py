from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date


class ServiceContract(models.Model):
    """What stops the cover of a contract: suspension and termination."""

    _inherit = "service.contract"

    suspension_ids = fields.One2many(
        "service.contract.suspension", "contract_id", string="Suspensions", readonly=True
    )
    suspension_date = fields.Date(
        compute="_compute_suspension",
        store=True,
        index="btree_not_null",
        tracking=True,
        help="From this day on nothing is covered, until the contract is resumed.",
    )
    suspension_reason = fields.Char(compute="_compute_suspension", store=True, tracking=True)
    termination_date = fields.Date(
        readonly=True, copy=False, tracking=True, help="From this day on nothing is covered."
    )
    termination_reason = fields.Char(readonly=True, copy=False, tracking=True)

    @api.depends("suspension_ids.date_start", "suspension_ids.date_end", "suspension_ids.reason")
    def _compute_suspension(self):
        for contract in self:
            going_on = contract.suspension_ids.filtered(lambda period: not period.date_end)
            contract.suspension_date = going_on.date_start
            contract.suspension_reason = going_on.reason

    def action_suspend(self, reason=False, date=False):
        """Stop cover from a day on, until the contract is resumed. Before that day it is in force.

        :param reason: why, shown to whoever asks for service; without it a dialogue asks for it
        :param date: first day without cover (default: today, where the agency is)
        :raise UserError: when a contract is not active, or its suspension is announced
        """
        self._check_state("active")
        for contract in self.filtered("suspension_date"):
            raise UserError(
                self.env._(
                    "%(contract)s is going to be suspended on %(date)s already: resume it first to "
                    "change that.",
                    contract=contract.name,
                    date=format_date(self.env, contract.suspension_date),
                )
            )
        if not reason:
            return self._ask_to_stop("suspend")
        days = self._get_first_days(date)
        self.env["service.contract.suspension"].create(
            [
                {"contract_id": contract.id, "date_start": days[contract], "reason": reason}
                for contract in self
            ]
        )
        self._filter_reached(days)._suspend()
        return True

    def _get_first_days(self, date):
        """``{contract: first day}`` of something: the date given, else today where its agency is.

        :param date: a date, its text, or False
        """
        date = fields.Date.to_date(date)
        return {contract: date or contract.agency_id._get_today() for contract in self}

    def _filter_reached(self, days):
        """Those whose day has come where their agency is.

        :param days: ``{contract: date}``
        """
        return self.filtered(lambda contract: days[contract] <= contract.agency_id._get_today())

    def _suspend(self):
        """The first day without cover has come."""
        self._set_state("suspended")

    def action_resume(self, date=False):
        """Put suspended contracts into force again; the days in between stay without cover.

        A suspension that is only announced is withdrawn.

        :param date: first covered day (default: today, where the agency is)
        :raise UserError: when a contract is not suspended
        """
        announced = self.filtered(lambda c: c.state == "active" and c.suspension_date)
        (self - announced)._check_state("suspended")
        days = self._get_first_days(date)
        for period in self.suspension_ids.filtered(lambda period: not period.date_end):
            first_day = days[period.contract_id]
            if period.date_start >= first_day:
                period.unlink()
            else:
                period.date_end = first_day - timedelta(days=1)
        self._set_state("active")

    def action_terminate(self, reason=False, date=False):
        """End contracts early, for good. Those that end on a later day stay in force until then.

        :param reason: why; without it a dialogue asks for it
        :param date: first day without cover (default: today, where the agency is); a draft never
            covers anything
        :raise UserError: when a contract has ended already, or its end is announced
        """
        self._check_state("draft", "active", "suspended")
        self._check_not_announced()
        if not reason:
            return self._ask_to_stop("terminate")
        days = self._get_first_days(date)
        never_in_force = self.filtered(lambda contract: contract.state == "draft")
        for contract in never_in_force:
            starts = contract.coverage_ids.filtered("date_start").mapped("date_start")
            days[contract] = min([days[contract], *starts])
        for day, contracts in self.grouped(days.get).items():
            contracts.write({"termination_date": day, "termination_reason": reason})
        self._withdraw_renewal_offers()
        self._withdraw_renewals()
        (never_in_force | self._filter_reached(days))._terminate()
        return True

    def _terminate(self):
        """The last covered day is over."""
        self._set_state("terminated")

    def action_withdraw_termination(self):
        """Let contracts go on whose end is announced, and has not come yet.

        :raise UserError: when a contract is not going to be terminated, or was already
        """
        self._check_withdrawable()
        announced = {c: (c.termination_date, c.termination_reason) for c in self}
        self.write({"termination_date": False, "termination_reason": False})
        for contract, (day, reason) in announced.items():
            contract.message_post(
                body=self.env._(
                    "The termination on %(date)s was withdrawn. It had been announced because: "
                    "%(reason)s",
                    date=format_date(self.env, day),
                    reason=reason,
                )
            )

    def _check_withdrawable(self):
        for contract in self:
            if not contract.termination_date:
                raise UserError(
                    self.env._(
                        "%(contract)s is not going to be terminated: there is nothing to withdraw.",
                        contract=contract.name,
                    )
                )
            today = contract.agency_id._get_today()
            if contract.termination_date <= today or contract.state == "terminated":
                raise UserError(
                    self.env._(
                        "%(contract)s was terminated on %(date)s, that cannot be withdrawn any "
                        "more: make a new contract for what comes after.",
                        contract=contract.name,
                        date=format_date(self.env, contract.termination_date),
                    )
                )

    def _check_not_announced(self):
        """Refuse what is pointless for contracts that are going to be terminated."""
        for contract in self.filtered("termination_date"):
            raise UserError(
                self.env._(
                    "%(contract)s ends on %(date)s already, it was terminated: make a new contract "
                    "for what comes after.",
                    contract=contract.name,
                    date=format_date(self.env, contract.termination_date - timedelta(days=1)),
                )
            )

    def _ask_to_stop(self, operation):
        action = self.env["ir.actions.actions"]._for_xml_id(
            "service_contract.service_contract_stop_action"
        )
        names = {
            "suspend": self.env._("Suspend Contracts"),
            "terminate": self.env._("Terminate Contracts"),
        }
        context = {"default_contract_ids": self.ids, "default_operation": operation}
        return {**action, "name": names[operation], "context": context}
