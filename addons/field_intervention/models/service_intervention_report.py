import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import is_html_empty
from odoo.tools.misc import format_datetime

from .service_intervention import ENDED

_logger = logging.getLogger(__name__)

MAIL_BATCH = 50


class ServiceIntervention(models.Model):
    """What was done: operations, readings, photos, signature; and the report about it."""

    _inherit = "service.intervention"

    operation_ids = fields.One2many(
        "service.intervention.operation",
        "intervention_id",
        string="Operations",
        compute="_compute_operation_ids",
        store=True,
        readonly=False,
        precompute=True,
        copy=False,
    )
    operation_done_count = fields.Integer(
        string="Operations Done", compute="_compute_operation_counts"
    )
    operation_count = fields.Integer(
        string="Number of Operations", compute="_compute_operation_counts"
    )
    meter_reading_ids = fields.One2many(
        "service.meter.reading", "intervention_id", string="Meter Readings"
    )
    unread_meter_id = fields.Many2one(
        "service.meter",
        string="Next Meter to Read",
        compute="_compute_unread_meter_id",
        help="The first meter of the machines without a reading from this intervention.",
    )
    attachment_ids = fields.Many2many(
        "ir.attachment", string="Photos and Files", copy=False, help="Photos go into the report."
    )
    signed_by = fields.Char(
        compute="_compute_signed_by", store=True, readonly=False, precompute=True
    )
    report_to_send = fields.Boolean(
        readonly=True, copy=False, index=True, help="The report will be mailed to the contact."
    )
    report_sent_date = fields.Datetime(string="Report Mailed on", readonly=True, copy=False)

    @api.depends("equipment_ids", "meter_reading_ids.meter_id")
    def _compute_unread_meter_id(self):
        for intervention in self:
            intervention.unread_meter_id = intervention._get_unread_meters()[:1]

    def _get_unread_meters(self):
        return self.equipment_ids.meter_ids._origin - self.meter_reading_ids.meter_id._origin

    @api.depends("nature_id", "equipment_ids", "request_id")
    def _compute_operation_ids(self):
        needed = self.env["service.operation.template"]._find(self)
        operations = self.env["service.intervention.operation"]
        for intervention in self.filtered(lambda i: i.state not in ENDED):
            wanted = needed[intervention]
            known = {
                (operation.template_id._origin, operation.equipment_id._origin): operation
                for operation in intervention.operation_ids.filtered("template_id")
            }
            keys = {(template, machine._origin) for template, machine in wanted}
            intervention.operation_ids = [
                *(
                    Command.delete(operation.id)
                    for key, operation in known.items()
                    if key not in keys and not operation.done
                ),
                *(
                    Command.create(operations._prepare_values(template, machine._origin))
                    for template, machine in wanted
                    if (template, machine._origin) not in known
                ),
            ]

    @api.depends("operation_ids.done")
    def _compute_operation_counts(self):
        for intervention in self:
            operations = intervention.operation_ids
            intervention.operation_count = len(operations)
            intervention.operation_done_count = len(operations.filtered("done"))

    @api.depends("contact_id", "partner_id")
    def _compute_signed_by(self):
        for intervention in self:
            if not intervention.signature:
                customer = intervention.partner_id
                person = intervention.contact_id or (not customer.is_company and customer)
                intervention.signed_by = person and person.name

    @api.onchange("signature")
    def _onchange_signature(self):
        self.signed_on = self.signature and fields.Datetime.now()

    # ------------------------------------------------------------ completeness
    def _check_complete(self):
        """Refuse to finish while something that the report needs is missing.

        :raise UserError: naming the intervention and all that is missing
        """
        for intervention in self:
            missing = intervention._get_missing()
            if missing:
                raise UserError(
                    self.env._(
                        "%(intervention)s cannot be finished yet: %(missing)s.",
                        intervention=intervention.name,
                        missing="; ".join(missing),
                    )
                )

    def _get_missing(self):
        """What is missing before this intervention can be finished, in words."""
        self.ensure_one()
        missing = []
        if self.nature_id.is_report_required and is_html_empty(self.report):
            missing.append(self.env._("write what was done into the report"))
        open_ = self.operation_ids.filtered(lambda o: o.is_mandatory and not o.done)
        if open_:
            names = ", ".join(open_.mapped("name"))
            missing.append(self.env._("do these operations: %(names)s", names=names))
        if self.nature_id.is_reading_required:
            unread = self._get_unread_meters()
            if unread:
                names = ", ".join(unread.mapped("display_name"))
                missing.append(self.env._("read these meters: %(names)s", names=names))
        return missing

    def _describe_not_ok(self):
        """What was checked and is not in order, a sentence each; measures with their limits."""
        self.ensure_one()
        return [
            self.env._(
                "%(operation)s: %(value)s, allowed: %(limits)s",
                operation=operation.name,
                value=operation._get_spoken_value(),
                limits=operation.limits,
            )
            if operation.kind == "measure" and operation.limits
            else self.env._("Not OK: %s", operation.name)
            for operation in self.operation_ids.filtered(lambda o: o.result == "not_ok")
        ]

    # ------------------------------------------------------------ mail
    def _schedule_report_mail(self):
        """Have the report mailed to the contact as soon as the server has time for it."""
        mailed = self.filtered(
            lambda i: i.nature_id.is_report_mailed and i._get_report_partner().email
        )
        mailed.report_to_send = True
        if mailed:
            self.env.ref("field_intervention.ir_cron_send_reports").sudo()._trigger()

    def action_send_report(self):
        """Mail the report to the contact (else to the customer) in that person's language.

        :raise UserError: when there is no e-mail address
        """
        template = self.env.ref("field_intervention.mail_template_report")
        for intervention in self:
            if not intervention._get_report_partner().email:
                raise UserError(
                    self.env._(
                        "Neither the contact nor the customer of %(intervention)s has an e-mail "
                        "address: add one first.",
                        intervention=intervention.name,
                    )
                )
        # a technician may send the report, but renders it with all the documents behind it
        template.sudo().send_mail_batch(self.ids)
        self.write({"report_to_send": False, "report_sent_date": fields.Datetime.now()})
        return True

    @api.model
    def _cron_send_reports(self):
        """Mail the reports of the interventions that were finished."""
        waiting = self.search([("report_to_send", "=", True)], limit=MAIL_BATCH)
        for intervention in waiting:
            try:
                with self.env.cr.savepoint():
                    intervention.action_send_report()
            except Exception as error:
                _logger.exception("The report of %s could not be mailed", intervention.name)
                intervention.report_to_send = False
                intervention._message_log(
                    body=self.env._("The report could not be mailed: %s", error)
                )
            self.env["ir.cron"]._commit_progress(1)
        if len(waiting) == MAIL_BATCH:
            self.env["ir.cron"]._commit_progress(remaining=1)

    def _get_report_partner(self):
        """Who gets the report, in that person's language."""
        return self.contact_id if self.contact_id.email else self.partner_id

    def _get_report_tz(self):
        """The time zone of the times in the report: that of the agency, whoever prints it."""
        self.ensure_one()
        return self.agency_id.tz or self.company_id.sudo().resource_calendar_id.tz

    def _get_part_changes(self):
        """What the history of the machines says about parts that came and went on this visit."""
        self.ensure_one()
        return (
            self.env["service.equipment.event"]
            .sudo()
            .search(
                [
                    ("equipment_id", "in", self.equipment_ids.ids),
                    ("res_model", "=", self._name),
                    ("res_id", "=", self.id),
                ],
                order="id",
            )
            .filtered(lambda event: event.old_value or event.new_value)
        )

    def _get_next_steps(self):
        """What comes after this visit, in words for the customer."""
        self.ensure_one()
        later = self.request_id.intervention_ids.filtered(
            lambda i: i.state not in ENDED and i.id > self.id
        )
        steps = [
            self.env._("Next visit: %s", format_datetime(self.env, visit.planned_start))
            if visit.planned_start
            else self.env._("Another visit will be planned.")
            for visit in later
        ]
        ordered = later.consumption_ids.filtered("is_to_order").product_id
        steps += [self.env._("To be ordered: %s", name) for name in ordered.mapped("name")]
        return steps
