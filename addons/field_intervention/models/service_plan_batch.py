import logging

from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.fields import Command, Domain
from odoo.tools import SQL

from .service_intervention_operation import COPIED

_logger = logging.getLogger(__name__)

BATCH_SIZE = 500


def _split(groups):
    """Put groups together into batches of about so many visits."""
    batch, size = [], 0
    for group in groups:
        batch.append(group)
        size += len(group)
        if size >= BATCH_SIZE:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


class ServicePlan(models.Model):
    """The daily batch: visits that come near become requests and interventions."""

    _inherit = "service.plan"

    def _generate_visits(self, until):
        """Forecast visits, create the requests and interventions of those that come near, and
        mark the missed ones.

        It may be run again at any time: no visit is ever made twice, and one that fails keeps its
        error and does not disturb the others.

        :param until: last day of the forecast, a Date or its text
        :return: number of the visits for which something was created
        """
        return sum(number for number, _left in self._run_batches(fields.Date.to_date(until)))

    @api.model
    def _cron_generate_visits(self):
        """Run the daily batch, kept after every step; the server calls again for what is left."""
        progress = self.env["ir.cron"]
        for number, left in self._run_batches(self._get_horizon()):
            if progress._commit_progress(number, remaining=left) <= 0 and left:
                return
        self._alert_about_missed()

    def _run_batches(self, until):
        """Yield for each step how many visits something was created for, and what is left.

        What failed before comes last, and is not left to another run: it may fail again for ever.
        """
        plans = self or self.search([("active", "=", True)])
        changed = plans.filtered("is_pending")
        for number, plan in enumerate(changed):
            plan._seed(until)
            yield 0, len(changed) - number
        (plans - changed)._seed(until)
        if not self:
            self._forget_marks()
        fresh, failed = plans._find_released()
        left = sum(map(len, fresh))
        for batch in (*_split(fresh), *_split(failed)):
            visits = self.env["service.plan.visit"].browse(id_ for group in batch for id_ in group)
            left = max(left - len(visits), 0)
            yield visits._schedule_or_isolate(batch), left
        plans._mark_missed()

    def _find_released(self):
        """Ids of the visits that come near, grouped by what goes on one intervention.

        :return: the groups of those that are tried for the first time, and of those that failed
        """
        self.env.flush_all()
        today = fields.Date.context_today(self)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT visit.error IS NOT NULL, visit.id, visit.due_date, plan.group_days,
                       (visit.company_id, visit.partner_id, visit.site_id, plan.nature_id,
                        plan.competence_id, plan.creates, plan.request_type_id,
                        CASE WHEN plan.group_days = 0 THEN visit.id END)::text
                  FROM service_plan_visit visit
                  JOIN service_plan plan ON plan.id = visit.plan_id
                 WHERE visit.state IN ('forecast', 'due') AND visit.release_date <= %s
                       AND visit.plan_id IN %s
                 ORDER BY 1, 5, visit.due_date, visit.id
                """,
                today,
                tuple(self.ids) or (0,),
            )
        )
        groups, last, first_day = ([], []), None, None
        for has_failed, id_, day, days, key in rows:
            if (has_failed, key) != last or (day - first_day).days > days:
                groups[has_failed].append([])
                last, first_day = (has_failed, key), day
            groups[has_failed][-1].append(id_)
        return groups

    def _mark_missed(self):
        """Mark the visits that were not made in the time that the plan allows.

        What could not be created yet is tried again.
        """
        today = fields.Date.context_today(self)
        late = self.env["service.plan.visit"].search(
            Domain("plan_id", "in", self.ids)
            & Domain("state", "in", ("due", "scheduled"))
            & Domain("latest_date", "<", today)
            & (Domain("request_id", "!=", False) | Domain("intervention_id", "!=", False))
        )
        late.state = "missed"

    @api.model
    def _alert_about_missed(self):
        """Tell the responsible of each plan how many visits are missed, once and not every day."""
        today = fields.Date.context_today(self)
        failing = Domain("state", "=", "due") & Domain("latest_date", "<", today)
        counts = self.env["service.plan.visit"]._read_group(
            (Domain("state", "=", "missed") | failing) & Domain("plan_id.user_id", "!=", False),
            ["plan_id"],
            ["__count"],
        )
        for plan, count in counts:
            # in the language of the reader: the daily batch has none
            reader = plan.with_context(lang=plan.user_id.lang)
            summary = reader.env._("Visits not done in time: %(count)s", count=count)
            known = plan.activity_ids.filtered(lambda a: a.automated)[:1]
            if known:
                known.summary = summary
            else:
                plan.activity_schedule(
                    "mail.mail_activity_data_todo", summary=summary, user_id=plan.user_id.id
                )


class ServicePlanVisit(models.Model):
    """Visits that become requests and interventions."""

    _inherit = "service.plan.visit"

    def _schedule_or_isolate(self, groups):
        """Schedule all groups together; when that fails, each alone, so that one failing machine
        stands in nobody's way.

        :return: number of the visits that were scheduled
        """
        try:
            with self.env.cr.savepoint():
                scheduled = self._schedule(groups)
                self.env.flush_all()
            return scheduled
        except SerializationFailure:
            # another batch has just scheduled some of them; the rest wait for the next run
            self.env.invalidate_all()
            return 0
        except Exception as error:
            self.env.invalidate_all()
            if len(groups) == 1:
                _logger.exception("Visits %s could not be scheduled", self.ids)
                self.write({"state": "due", "error": str(error)[:200]})
                return 0
        return sum(self.browse(group)._schedule_or_isolate([group]) for group in groups)

    def _schedule(self, groups):
        """Create one request and one intervention for each group of visits.

        :param groups: list of lists of ids of these visits
        :return: number of the visits that were scheduled; another batch may be at some of them
        """
        mine = self._lock_released()
        if not mine:
            return 0
        planned = self.browse(mine)
        groups = [kept for group in groups if (kept := [id_ for id_ in group if id_ in mine])]
        visits = [planned.browse(group).with_prefetch(planned.ids) for group in groups]
        with_request = [
            group for group in visits if group._first().plan_id.creates != "intervention"
        ]
        # who looks into the chatter of something planned a year ago learns nothing from its birth
        silent = self.with_context(tracking_disable=True).env
        requests = silent["service.request"].create(
            [group._prepare_request_values() for group in with_request]
        )
        request_by_group = dict(zip(with_request, requests.ids, strict=True))
        visited = [group for group in visits if group._first().plan_id.creates != "request"]
        interventions = silent["service.intervention"].create(
            [group._prepare_intervention_values(request_by_group.get(group)) for group in visited]
        )
        intervention_by_group = dict(zip(visited, interventions.ids, strict=True))
        planned._link(
            [
                (visit.id, request_by_group.get(group), intervention_by_group.get(group))
                for group in visits
                for visit in group
            ]
        )
        planned._create_operations()
        planned.filtered("request_id")._create_parts()
        planned._forecast_next()
        return len(planned)

    def _first(self):
        # taken by its index, a record forgets whom it is read together with
        return next(iter(self))

    def _link(self, rows):
        """Mark these visits as scheduled.

        :param rows: list of (visit id, request id or None, intervention id or None)
        """
        columns = [list(column) for column in zip(*rows, strict=True)]
        self.env.execute_query(
            SQL(
                """
                UPDATE service_plan_visit visit
                   SET state = 'scheduled', request_id = row.request_id, error = NULL,
                       intervention_id = row.intervention_id
                  FROM unnest(%s::int[], %s::int[], %s::int[])
                       AS row (id, request_id, intervention_id)
                 WHERE visit.id = row.id
             RETURNING visit.id
                """,
                *columns,
            )
        )
        self.invalidate_recordset(flush=False)
        self.env["service.intervention"].invalidate_model(["plan_visit_ids"], flush=False)
        self.env["service.request"].invalidate_model(["plan_visit_ids"], flush=False)

    def _lock_released(self):
        """Ids of those of these visits that nobody else is scheduling or has scheduled."""
        self.env.flush_all()
        locked = self.env.execute_query(
            SQL(
                """
                SELECT id FROM service_plan_visit
                 WHERE id IN %s AND state IN ('forecast', 'due')
                   FOR UPDATE SKIP LOCKED
                """,
                tuple(self.ids),
            )
        )
        self.invalidate_recordset(["state"], flush=False)
        return {id_ for (id_,) in locked}

    def _get_spoken_plan(self):
        """The plan in the language of its company: the daily batch has no language."""
        plan = self.plan_id
        return plan.with_context(lang=plan.company_id.partner_id.lang)

    def _prepare_request_values(self):
        """Values of the request of these visits, of one site."""
        visit = self._first()
        plan, machine = visit._get_spoken_plan(), visit.equipment_id
        return {
            "title": plan.name,
            "origin": "plan",
            "origin_reference": plan.name,
            "visit_deadline": self._get_deadline(),
            "company_id": machine.company_id.id,
            "partner_id": machine.partner_id.id,
            "site_id": machine.site_id.id,
            "agency_id": machine.agency_id.id,
            "type_id": plan.request_type_id.id,
            **({"competence_id": plan.competence_id.id} if plan.competence_id else {}),
            "equipment_line_ids": [
                Command.create({"equipment_id": machine.id, "is_default": not number})
                for number, machine in enumerate(self.equipment_id)
            ],
        }

    def _prepare_intervention_values(self, request_id):
        """Values of the intervention that makes these visits, of one site."""
        visit = self._first()
        plan, machine = visit.plan_id, visit.equipment_id
        return {
            "request_id": request_id,
            "company_id": machine.company_id.id,
            "partner_id": machine.partner_id.id,
            "site_id": machine.site_id.id,
            "agency_id": machine.agency_id.id,
            "equipment_ids": [Command.set(self.equipment_id.ids)],
            "nature_id": plan.nature_id.id,
            "plan_visit_id": visit.id,
            "planned_hours": sum(each.plan_id.planned_hours for each in self),
        }

    def _create_operations(self):
        """Give the interventions the operations that the plans ask for, machine by machine.

        They are copied by the database: a batch has several for each of its visits.
        """
        chosen = self.env["service.plan"]._fields["operation_template_ids"]
        self.env["service.operation.template"].flush_model()
        self.env["service.intervention.operation"].flush_model()
        for company, visits in self.filtered("intervention_id").grouped("company_id").items():
            templates = self.env["service.operation.template"].with_context(
                lang=company.partner_id.lang
            )
            self.env.cr.execute(
                SQL(
                    """
                    INSERT INTO service_intervention_operation (
                           intervention_id, company_id, equipment_id, template_id, done, %(names)s,
                           create_uid, create_date, write_uid, write_date)
                    SELECT visit.intervention_id, visit.company_id, visit.equipment_id,
                           template.id, FALSE, %(values)s, %(uid)s, %(now)s, %(uid)s, %(now)s
                      FROM (SELECT visit.intervention_id, visit.company_id, visit.equipment_id,
                                   chosen.%(template)s AS template_id, MIN(visit.id) AS id
                              FROM service_plan_visit visit
                              JOIN %(relation)s chosen ON chosen.%(plan)s = visit.plan_id
                             WHERE visit.id IN %(visits)s
                          GROUP BY 1, 2, 3, 4) visit
                      JOIN service_operation_template template
                        ON template.id = visit.template_id AND template.active
                     WHERE NOT EXISTS (
                           SELECT FROM service_intervention_operation known
                            WHERE known.intervention_id = visit.intervention_id
                                  AND known.template_id = template.id
                                  AND known.equipment_id = visit.equipment_id)
                     ORDER BY visit.id, template.sequence, template.id
                    """,
                    names=SQL(", ").join(map(SQL.identifier, COPIED)),
                    values=SQL(", ").join(
                        templates._field_to_sql("template", name) for name in COPIED
                    ),
                    relation=SQL.identifier(chosen.relation),
                    plan=SQL.identifier(chosen.column1),
                    template=SQL.identifier(chosen.column2),
                    visits=tuple(visits.ids),
                    uid=self.env.uid,
                    now=self.env.cr.now(),
                )
            )
        self.env["service.intervention"].invalidate_model(["operation_ids"], flush=False)

    def _create_parts(self):
        """Plan the parts that these visits need, on their requests."""
        return self.env["service.consumption"].create(
            [
                {
                    "request_id": visit.request_id.id,
                    "intervention_id": visit.intervention_id.id,
                    "equipment_line_id": visit.request_id.equipment_line_ids.filtered(
                        lambda line, visit=visit: line.equipment_id == visit.equipment_id
                    ).id,
                    "product_id": part.product_id.id,
                    "quantity": part.quantity,
                }
                for visit in self
                for part in visit.plan_id.part_ids
            ]
        )
