from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ServiceInterventionRecord(models.TransientModel):
    """Record what was done already: a phone call that solved it, a visit nobody planned."""

    _name = "service.intervention.record"
    _description = "Record an Intervention"
    _inherit = ["service.intervention.described"]

    request_id = fields.Many2one("service.request", required=True, readonly=True)
    technician_id = fields.Many2one(
        "hr.employee",
        domain="[('is_technician', '=', True)]",
        default=lambda self: self._default_technician_id(),
    )
    stop = fields.Datetime(string="End", required=True, default=fields.Datetime.now)
    start = fields.Datetime(
        compute="_compute_start", store=True, readonly=False, precompute=True, required=True
    )
    report = fields.Html()
    findings = fields.Text()
    satisfied = fields.Boolean(string="Request Satisfied", help="The request is closed as well.")
    part_ids = fields.Many2many(
        "service.consumption",
        string="Planned Parts",
        compute="_compute_part_ids",
    )
    used_part_ids = fields.Many2many(
        "service.consumption",
        string="Planned Parts Used",
        compute="_compute_used_part_ids",
        store=True,
        readonly=False,
        domain="[('id', 'in', part_ids)]",
        help="Take out what was not used.",
    )

    @api.model
    def _default_technician_id(self):
        mine = self.env.user.employee_id
        return mine if mine.is_technician else False

    @api.depends("stop")
    def _compute_start(self):
        for record in self:
            record.start = record.start or record.stop - timedelta(hours=1)

    @api.depends("request_id")
    def _compute_part_ids(self):
        for record in self:
            free = record.request_id.consumption_ids._filter_unanswered()
            record.part_ids = free.filtered(lambda line: not line.intervention_id)

    @api.depends("request_id")
    def _compute_used_part_ids(self):
        for record in self:
            record.used_part_ids = record.part_ids

    @api.constrains("start", "stop")
    def _check_dates(self):
        for record in self:
            if record.stop < record.start:
                raise ValidationError(
                    self.env._(
                        "The intervention for %(request)s would end before it starts: correct one "
                        "of the times.",
                        request=record.request_id.name,
                    )
                )

    def action_record(self):
        """Create the intervention as done; one that lacks a mandatory check waits for it.

        :return: action that opens it, or the question about consumptions that are not done
        """
        self.ensure_one()
        interventions = self.env["service.intervention"]
        intervention = interventions.create(self._prepare_intervention_values())
        intervention.state = "on_site"
        self.used_part_ids._mark_done(self.stop)
        if self.report and intervention._get_missing():
            return intervention._get_records_action()
        answer = intervention.action_done(self.stop)
        return answer if answer is not True else intervention._get_records_action()

    def _prepare_intervention_values(self):
        kind = self.intervention_type
        return {
            "request_id": self.request_id.id,
            "nature_id": self.nature_id.id,
            "intervention_type": kind,
            "technician_id": self.technician_id.id,
            "planned_start": self.start,
            "planned_end": self.stop,
            "arrival_date": self.start,
            "report": self.report,
            "findings": self.findings,
            "satisfied": self.satisfied,
            # it happened, whatever else was planned at that time
            "conflict_reason": self.env._("Recorded afterwards"),
            "time_ids": [
                fields.Command.create({"kind": "work", "start": self.start, "stop": self.stop})
            ],
        }
