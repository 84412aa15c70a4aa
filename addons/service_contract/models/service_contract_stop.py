from odoo import fields, models


class ServiceContract(models.Model):
    """What stops the cover of a contract: suspension and termination."""

    _inherit = "service.contract"

    suspension_date = fields.Date(
        readonly=True, copy=False, help="From this day on nothing is covered."
    )
    suspension_reason = fields.Char(readonly=True, copy=False, tracking=True)
    termination_date = fields.Date(
        readonly=True, copy=False, help="From this day on nothing is covered."
    )
    termination_reason = fields.Char(readonly=True, copy=False, tracking=True)

    def action_suspend(self, reason=False, date=False):
        """Stop cover from a day on, until the contract is resumed.

        :param reason: why, shown to whoever asks for service; without it a dialogue asks for it
        :param date: first day without cover (default: today)
        :raise UserError: when a contract is not active
        """
        self._check_state("active")
        if not reason:
            return self._ask_to_stop("suspend")
        return self.write(
            {
                "state": "suspended",
                "suspension_reason": reason,
                "suspension_date": date or fields.Date.context_today(self),
            }
        )

    def action_resume(self):
        """Put suspended contracts into force again.

        :raise UserError: when a contract is not suspended
        """
        self._check_state("suspended")
        self.write({"state": "active", "suspension_reason": False, "suspension_date": False})

    def action_terminate(self, reason=False, date=False):
        """End contracts early, for good.

        :param reason: why; without it a dialogue asks for it
        :param date: first day without cover (default: today); a draft never covers anything
        :raise UserError: when a contract has ended already
        """
        self._check_state("draft", "active", "suspended")
        if not reason:
            return self._ask_to_stop("terminate")
        date = date or fields.Date.context_today(self)
        never_in_force = self.filtered(lambda contract: contract.state == "draft")
        for contract in never_in_force:
            starts = contract.coverage_ids.filtered("date_start").mapped("date_start")
            contract.termination_date = min([date, *starts])
        (self - never_in_force).termination_date = date
        return self.write({"state": "terminated", "termination_reason": reason})

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
