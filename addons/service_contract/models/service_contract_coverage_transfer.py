from datetime import timedelta

from odoo import models
from odoo.tools.misc import format_date


class ServiceContractCoverage(models.Model):
    """Promises about machines that change hands."""

    _inherit = "service.contract.coverage"

    def _ask_about_new_owner(self):
        """Leave it to the manager of each agency what becomes of these promises."""
        for contract_sudo, lines in self.sudo().grouped("contract_id").items():
            contract_sudo.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=contract_sudo.agency_id.manager_id.id or self.env.uid,
                summary=self.env._("A machine of this contract has a new owner"),
                note=self.env._(
                    "Decide what becomes of the cover of %s.",
                    ", ".join(lines.equipment_id.mapped("display_name")),
                ),
            )

    def _end_before(self, date):
        """Let these promises cover up to the day before; those that start later are dropped."""
        last_day = date - timedelta(days=1)
        late = self.filtered(lambda line: line.date_start and line.date_start > last_day)
        for contract, lines in self.grouped("contract_id").items():
            contract.message_post(
                body=self.env._(
                    "The cover of %(machines)s ends on %(date)s: the machine has a new owner.",
                    machines=", ".join(lines.equipment_id.mapped("display_name")),
                    date=format_date(self.env, last_day),
                )
            )
        late.unlink()
        (self - late).date_end = last_day

    def _move_to_owner(self, partner, date):
        """Let contracts of another customer make these promises from a day on.

        A contract that has nothing left to promise ends then, and its price with it.

        :return: the new service.contract, one for each contract that loses machines
        """
        values = [
            contract._prepare_values_for_owner(partner, lines, date)
            for contract, lines in self.grouped("contract_id").items()
        ]
        origins = list(self.grouped("contract_id"))
        emptied = self.contract_id.filtered(
            lambda c: c.coverage_ids <= self and not c.termination_date
        )
        successors = self.env["service.contract"].create(values)
        for origin, successor in zip(origins, successors, strict=True):
            if origin.state == "active":
                successor._activate()
            origin.message_post(
                body=self.env._("Its machines went to the contract %s.", successor._get_html_link())
            )
            successor.message_post(
                body=self.env._(
                    "Made from the contract %s, whose machines have a new owner. Check price and "
                    "invoicing.",
                    origin._get_html_link(),
                )
            )
        self._end_before(date)
        if emptied:
            emptied.action_terminate(self.env._("All its machines have a new owner."), date)
        return successors

    def _prepare_values_for_owner(self, date):
        """Values of the same promises in another contract, from a day on."""
        values = []
        for line in self:
            contract = line.contract_id
            start = max(date, line.date_start or date)
            follows = start == max(date, contract.date_start or date)
            values.append(
                {
                    **line.copy_data({"contract_id": False})[0],
                    "own_date_start": not follows and start,
                    "own_date_end": line.date_end != contract.date_end and line.date_end,
                }
            )
        return values
