from datetime import timedelta

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import plaintext2html


class ServiceIntervention(models.Model):
    """What a technician asks the office for, or finds on the spot."""

    _inherit = "service.intervention"

    def action_request_loan(self):
        """Ask for a replacement machine while the customer's is being repaired.

        :return: action that opens the loans
        :raise UserError: when the intervention names no machine
        """
        self.ensure_one()
        if not self.equipment_ids:
            raise UserError(
                self.env._("Choose the machine of %s that is to be replaced first.", self.name)
            )
        loans = self._request_loans(self.equipment_ids)
        return loans._get_records_action(name=self.env._("Loans"))

    def _request_loans(self, machines, note=False):
        """The loans (sudoed) in place of these machines; each is asked for once.

        :param machines: service.equipment that are to be replaced
        :param note: why, in words
        """
        self.ensure_one()
        known_sudo = (
            self.env["service.loan"]
            .sudo()
            .search([("equipment_id", "in", machines.ids), ("state", "in", ("draft", "lent"))])
        )
        asked = self.env["service.loan"].create(
            [
                {
                    "request_id": self.request_id.id,
                    "intervention_id": self.id,
                    "equipment_id": machine.id,
                    "company_id": self.company_id.id,
                    "user_id": self._find_office().id or self.env.uid,
                    "note": note,
                }
                for machine in machines - known_sudo.equipment_id
            ]
        )
        return known_sudo | asked.sudo()

    def _ask_for_help(self, note=""):
        """Give somebody of the office the task to help.

        :return: the activity, sudoed
        """
        self.ensure_one()
        technician = self.env.user.sudo().name
        return self.sudo().activity_schedule(
            "mail.mail_activity_data_todo",
            summary=self.env._("%(technician)s asks for help", technician=technician),
            note=plaintext2html(note),
            user_id=self._find_office().id or self.env.uid,
        )

    def _find_office(self):
        """Who looks after a wish.

        A dispatcher who asks, else whom the request is given to, else who planned the visit, else a
        dispatcher of the agency.
        """
        self.ensure_one()
        intervention_sudo = self.sudo()
        company = intervention_sudo.company_id
        dispatchers = self.env.ref("installed_base.group_service_dispatcher").sudo().all_user_ids
        dispatchers = dispatchers.filtered(
            lambda user: user.active and not user.share and company in user.company_ids
        )
        known = self.env.user | intervention_sudo.request_id.user_id | intervention_sudo.create_uid
        of_agency = intervention_sudo.agency_id.user_ids & dispatchers
        return ((known & dispatchers) or of_agency or dispatchers)[:1]

    def _create_on_the_spot(self, title, note="", machine=None, start=None, uuid=None):
        """Make another intervention where the technician is, for what was found there.

        :param title: what is wrong, in a line
        :param machine: the service.equipment that has it, one of the customer's
        :param start: Datetime at which the work begins
        :param uuid: the name that a device gave it already
        :raise UserError: when the user is no technician, or the machine is another customer's
        """
        self.ensure_one()
        employee = self.env.user.sudo().employee_id
        if not employee.is_technician:
            raise UserError(
                self.env._("You are not a technician: ask your manager to set your employee file.")
            )
        machine = machine or self.env["service.equipment"]
        self._check_customer_of(machine)
        created = self.create(
            {
                **({"uuid": uuid} if uuid else {}),
                "partner_id": self.partner_id.id,
                "site_id": self.site_id.id,
                "contact_id": self.contact_id.id,
                "agency_id": self.agency_id.id,
                "company_id": self.company_id.id,
                "equipment_ids": [Command.set(machine.ids)],
                "technician_id": employee.id,
                "planned_start": start,
                "planned_end": start + timedelta(hours=1),
                "conflict_reason": self.env._("Found on the spot"),
                "findings": "\n".join(filter(None, [title, note])),
            }
        )
        created.action_plan()
        created._ensure_requests()
        created.request_id.title = title
        created.request_id.description = plaintext2html(note or "")
        return created

    def _check_customer_of(self, machine):
        owner = self.partner_id.commercial_partner_id
        if machine and machine.partner_id.commercial_partner_id != owner:
            raise UserError(
                self.env._(
                    "This machine does not belong to %(customer)s: report it as a new one.",
                    customer=self.partner_id.display_name,
                )
            )

    def _report_machine(self, product, serial_number="", note=""):
        """Add a machine to the installed base that the technician saw at the customer's.

        :return: the service.equipment
        """
        self.ensure_one()
        return self.env["service.equipment"].create(
            {
                "product_id": product.id,
                "serial_number": serial_number or False,
                "partner_id": self.partner_id.id,
                "site_id": self.site_id.id,
                "company_id": self.company_id.id,
                "note": plaintext2html(note),
                "certainty": "verified",
            }
        )
