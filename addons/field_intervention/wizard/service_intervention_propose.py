from datetime import datetime, time, timedelta
from itertools import chain, pairwise
from math import ceil

from pytz import utc

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command, Domain

from ..tours import nearest, solver
from ..tours.problem import Job, Problem, Shift
from ..tours.travel import get_travel_matrix

MINUTE = timedelta(minutes=1)
MAX_DAYS = 14
MAX_JOBS = 300
# minutes of travel that it is worth to place a job
WEIGHT = {"usual": 600, "urgent": 1200, "regulatory": 600, "due": 600}


class ServiceInterventionPropose(models.TransientModel):
    """Propose who does what waits, show what it gains, and write it only when told so."""

    _name = "service.intervention.propose"
    _description = "Propose a Plan"

    agency_id = fields.Many2one(
        "service.agency",
        required=True,
        default=lambda self: self._default_agency(),
        domain="[('company_id', 'in', allowed_company_ids)]",
    )
    date_from = fields.Date(
        string="From", required=True, default=lambda self: fields.Date.context_today(self)
    )
    date_to = fields.Date(
        string="To", required=True, default=lambda self: fields.Date.context_today(self)
    )
    seconds = fields.Integer(
        string="Time to Search", default=10, help="How long to look for a good plan, in seconds."
    )
    line_ids = fields.One2many("service.intervention.propose.line", "proposal_id")
    unplaced_ids = fields.Many2many("service.intervention", string="Not Placed", readonly=True)
    placed_count = fields.Integer(string="Jobs Placed", compute="_compute_gain")
    waiting_count = fields.Integer(string="Jobs Waiting", readonly=True)
    kept_count = fields.Integer(
        string="Deadlines Kept",
        compute="_compute_gain",
        help="Of the jobs placed that have a deadline.",
    )
    due_count = fields.Integer(string="Jobs with Deadline", readonly=True)
    travel_minutes = fields.Integer(
        string="Travel",
        compute="_compute_gain",
        help="To the ticked jobs, as in the lines, and with the trips home, which are in no line.",
    )
    gain_travel = fields.Integer(
        string="Travel Saved",
        compute="_compute_gain",
        help="Minutes of travel, with the trips home, compared with each technician driving to the "
        "nearest job that still fits. Only the ticked jobs that both plans place are compared: not "
        "to do a job saves nothing.",
    )
    gain_placed = fields.Integer(
        string="More Jobs Placed",
        compute="_compute_gain",
        help="Compared with each technician driving to the nearest job that still fits.",
    )
    is_computed = fields.Boolean(readonly=True)
    # travel: minutes between the places; ends: first and last place of each stretch of free time;
    # baseline: ids of the jobs of each stretch in the plan to compare with
    roads = fields.Json(readonly=True, export_string_translation=False)

    _dates_in_order = models.Constraint(
        "CHECK (date_to >= date_from)", "The last day of the proposal lies before its first day."
    )

    def _default_agency(self):
        own = self.env.user.service_agency_ids
        return own[:1] or self.env["service.agency"].search(
            [("company_id", "=", self.env.company.id)], limit=1
        )

    @api.constrains("date_from", "date_to")
    def _check_length(self):
        if any((p.date_to - p.date_from).days >= MAX_DAYS for p in self):
            raise ValidationError(
                self.env._("Propose a plan for %(days)s days at most.", days=MAX_DAYS)
            )

    @api.depends("line_ids.is_chosen", "roads")
    def _compute_gain(self):
        for proposal in self:
            chosen = proposal.line_ids.filtered("is_chosen")
            travel = sum(minutes for *_line, minutes in proposal._get_legs())
            placed = len(chosen)
            base_placed = sum(map(len, (proposal.roads or {}).get("baseline", ())))
            proposal.placed_count = placed
            proposal.kept_count = len(
                chosen.filtered(lambda line: line.deadline and not line.is_late)
            )
            proposal.travel_minutes = travel
            proposal.gain_placed = placed - base_placed
            proposal.gain_travel = proposal._get_gain_travel()

    def _get_gain_travel(self):
        """Return the minutes saved on the chosen jobs that the baseline places too."""
        if not self.roads:
            return 0
        baseline = self.roads["baseline"]
        chosen = self.line_ids.filtered("is_chosen").sorted("start")
        node = {line.intervention_id.id: line.node for line in chosen}
        both = node.keys() & set(chain(*baseline))
        plan = [
            chosen.filtered(lambda line, shift=shift: line.shift == shift).intervention_id.ids
            for shift in range(len(baseline))
        ]
        usual, found = (
            sum(
                self._get_way_minutes([first, *(node[job] for job in jobs if job in both), last])
                for (first, last), jobs in zip(self.roads["ends"], tours, strict=True)
            )
            for tours in (baseline, plan)
        )
        return usual - found

    def _get_way_minutes(self, way):
        return sum(self.roads["travel"][a][b] for a, b in pairwise(way))

    def _get_legs(self):
        """Return ``[(line, minutes)]``: trips to chosen jobs, and the ways back, with no line."""
        legs = []
        chosen = self.line_ids.filtered("is_chosen")
        for shift, stops in chosen.grouped("shift").items():
            travel = self.roads["travel"]
            place, last = self.roads["ends"][shift]
            for line in stops.sorted("start"):
                legs.append((line, travel[place][line.node]))
                place = line.node
            legs.append((stops.browse(), travel[place][last]))
        return legs

    # no compute of the lines: a list that is edited would show it on the line that was changed only
    @api.onchange("line_ids")
    def _onchange_line_ids(self):
        self._set_travel()

    def _set_travel(self):
        minutes = dict(self._get_legs())
        for line in self.line_ids:
            line.travel_minutes = minutes.get(line, 0)

    # ------------------------------------------------------------ actions
    def action_compute(self):
        """Look for a plan and show it; nothing is written to the interventions.

        :return: window action on this proposal
        :raise UserError: without OR-Tools, without technicians, or with nothing to place
        """
        self.ensure_one()
        if not solver.is_available():
            raise UserError(
                self.env._(
                    "The library that looks for plans is not installed: ask who runs the server "
                    "to do « pip install ortools »."
                )
            )
        waiting = self._get_waiting()
        if not waiting:
            raise UserError(self.env._("Nothing waits in %(agency)s.", agency=self.agency_id.name))
        shifts = self._get_shifts()
        gaps = shifts and self._get_gaps(shifts)
        origin, problem = (
            self._build_problem(waiting, gaps) if gaps else (None, Problem((), (), []))
        )
        if not problem.shifts:
            raise UserError(
                self.env._(
                    "Nobody of %(agency)s has time on these days: choose others.",
                    agency=self.agency_id.name,
                )
            )
        usual = nearest.plan_nearest(problem)
        # the solver may find nothing in so short a time
        plan = solver.solve(problem, min(max(self.seconds, 1), 60)) or usual
        self._show(origin, problem, plan, usual)
        return self._reopen()

    def action_apply(self):
        """Write the proposal: plan each of its lines that is not unticked.

        :return: window action that closes the dialog
        :raise UserError: when a line was planned by somebody else meanwhile
        """
        self.ensure_one()
        self._set_travel()
        # one by one: each is checked as if the dispatcher dropped it
        for line in self.line_ids.filtered("is_chosen"):
            line.intervention_id.action_plan(
                line.technician_id.id, line.start, line.end, version=line.version
            )
            line.intervention_id.travel_minutes = line.travel_minutes
        return {"type": "ir.actions.act_window_close"}

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Propose a Plan"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    # ------------------------------------------------------------ what there is
    def _get_waiting(self):
        """Interventions of the agency without a plan; longer than a day is for people."""
        interventions = self.env["service.intervention"]
        return interventions.search(
            interventions._get_board_pool_domain()
            & Domain("state", "=", "draft")
            & Domain("vendor_id", "=", False)
            & Domain("agency_id", "=", self.agency_id.id)
            & Domain("intervention_type", "=", "onsite")
            & Domain("planned_hours", "<=", 8),
            order="deadline, priority desc, id",
            limit=MAX_JOBS,
        )

    def _get_technicians(self):
        employees = self.env["hr.employee"].sudo()
        return employees.search(
            employees.with_env(self.env)._get_technician_domain()
            & Domain("technician_agency_ids", "in", self.agency_id.ids)
        )

    def _get_shifts(self):
        """Return ``[(technician, first moment, last moment, [(pause start, pause end)])]``."""
        start, stop = (
            self.env.tz.localize(datetime.combine(day, time.min))
            .astimezone(utc)
            .replace(tzinfo=None)
            for day in (self.date_from, self.date_to + timedelta(days=1))
        )
        now = fields.Datetime.now().replace(second=0)  # whole minutes, as everything here
        start = max(start, now + 15 * MINUTE)  # the past is over
        technicians = self._get_technicians()
        if start >= stop or not technicians:
            return []
        work = technicians._get_working_time(start, stop)
        absences = technicians._get_absences(start, stop)
        rests = technicians._get_rests(start, stop, work, absences)
        return [
            (technician, *shift)
            for technician in technicians
            for shift in _get_stretches(work[technician], rests[technician])
        ]

    def _get_planned(self, shifts):
        """What the technicians do already at that time: the new jobs go around it."""
        technicians = shifts[0][0].union(*(technician for technician, *_rest in shifts))
        return technicians._get_busy_time(
            min(start for _t, start, _e, _p in shifts), max(end for _t, _s, end, _p in shifts)
        )

    def _get_gaps(self, shifts):
        """Return ``[(technician, start, end, first place, last place, pauses)]``: free time.

        Between two jobs a technician comes from the one and has to be at the other in time.
        """
        gaps = []
        busy = self._get_planned(shifts)
        for technician, start, end, pauses in shifts:
            home = technician.home_partner_id._get_service_position()
            place, clock = home, start
            own = busy[technician].filtered(
                lambda job, start=start, end=end: (
                    job.planned_start < end and job.planned_end > start
                )
            )
            for job in own:
                there = job.address_id._get_service_position() or place
                gaps.append((technician, clock, job.planned_start, place, there, pauses))
                place, clock = there, max(clock, job.planned_end)
            gaps.append((technician, clock, end, place, home or place, pauses))
        return [gap for gap in gaps if gap[2] - gap[1] >= 15 * MINUTE]

    # ------------------------------------------------------------ the problem
    def _build_problem(self, waiting, gaps):
        """Translate records into plain data: minutes since the first gap begins."""
        origin = min(start for _technician, start, *_rest in gaps).replace(second=0)
        horizon = _minutes(origin, max(gap[2] for gap in gaps))
        places = [job.address_id._get_service_position() for job in waiting]
        nodes = {place: node for node, place in enumerate(dict.fromkeys(places))}
        for gap in gaps:
            for place in gap[3:5]:
                nodes.setdefault(place, len(nodes))
        travel = self._get_travel_matrix(list(nodes))
        skills = {job: self._get_skill(job) for job in waiting}
        jobs = [
            self._build_job(job, nodes[place], origin, horizon, skills[job])
            for job, place in zip(waiting, places, strict=True)
        ]
        shifts = [
            Shift(
                key=(technician.id, _minutes(origin, start)),
                node=nodes[first],
                end_node=nodes[last],
                start=_minutes(origin, start),
                end=_minutes(origin, end),
                skills=frozenset(
                    key for key, users in skills.values() if key and technician.user_id in users
                )
                | {("technician", technician.id)},
                pauses=tuple(
                    (_minutes(origin, begin), _minutes(begin, stop)) for begin, stop in rest
                ),
            )
            for technician, start, end, first, last, pauses in gaps
            for rest in [_get_part(pauses, start, end)]
            # who would come too late to the next job even without another one has no time
            if _minutes(start, end) - sum(_minutes(*pause) for pause in rest)
            >= travel[nodes[first]][nodes[last]]
        ]
        return origin, Problem(tuple(jobs), tuple(shifts), travel)

    def _get_travel_matrix(self, places):
        """Return ``[from][to]`` whole minutes of travel; an addon may ask a service of maps.

        :param places: list of (latitude, longitude), None where the place is not known
        """
        company = self.agency_id.company_id
        return get_travel_matrix(places, company.service_travel_speed, company.service_road_factor)

    def _get_skill(self, job):
        competence, users = job._get_asked_competence()
        return competence.id, users

    def _get_needs(self, job, competence_id, users):
        """What whoever comes must have; a competence that nobody has hinders nobody."""
        if users:
            yield competence_id
        if job.technician_id:  # chosen already, only not when
            yield ("technician", job.technician_id.id)

    def _build_job(self, job, node, origin, horizon, skill):
        earliest = max(_minutes(origin, job.earliest), 0) if job.earliest else 0
        latest = min(_minutes(origin, job.latest), horizon) if job.latest else horizon
        if job.planned_start:  # the appointment is agreed, only nobody has it yet
            earliest = latest = _minutes(origin, job.planned_start)
        due = _minutes(origin, job.deadline) if job.deadline else None
        weight = WEIGHT["urgent" if job.priority == "1" else "usual"]
        if job.nature_id.is_regulatory:
            weight += WEIGHT["regulatory"]
        if due is not None and due <= horizon:
            # to be late is better than not to come
            weight += WEIGHT["due"] + solver.LATE * (horizon - max(due, 0))
        return Job(
            key=job.id,
            node=node,
            minutes=max(ceil(round(job.planned_hours * 60, 2)), 1),
            earliest=earliest,
            latest=latest,
            skills=frozenset(self._get_needs(job, *skill)),
            due=None if due is None else max(due, 0),
            weight=weight if 0 <= earliest <= latest else 0,
        )

    # ------------------------------------------------------------ the answer
    def _show(self, origin, problem, plan, baseline):
        waiting = self.env["service.intervention"].browse(job.key for job in problem.jobs)
        node = {job.key: job.node for job in problem.jobs}
        technicians = self._get_technicians()
        last = origin + max(shift.end for shift in problem.shifts) * MINUTE
        rests = technicians._get_rests(origin, last)
        lines = [
            {
                "intervention_id": key,
                "technician_id": shift.key[0],
                "start": begin,
                "end": technicians._get_planned_end(
                    begin,
                    waiting.browse(key).planned_hours,
                    rests[technicians.browse(shift.key[0])],
                ),
                "version": waiting.browse(key).version,
                "shift": number,
                "node": node[key],
            }
            for number, shift in enumerate(problem.shifts)
            for key, start in plan.tours.get(shift.key, ())
            for begin in [origin + start * MINUTE]
        ]
        self.write(
            {
                "roads": {
                    "travel": problem.travel,
                    "ends": [(shift.node, shift.last_node) for shift in problem.shifts],
                    "baseline": [
                        [key for key, _start in baseline.tours.get(shift.key, ())]
                        for shift in problem.shifts
                    ],
                },
                "line_ids": [Command.clear(), *map(Command.create, lines)],
                "unplaced_ids": [Command.set(plan.unplaced)],
                "waiting_count": len(problem.jobs),
                "due_count": sum(job.due is not None for job in problem.jobs),
                "is_computed": True,
            }
        )
        self._set_travel()


def _get_stretches(work, rests):
    """Return ``[(first moment, last moment, [(pause start, pause end)])]``: each day, and each part
    of a day between absences, is one."""
    breaks = {begin: end for begin, end, is_overnight in rests if not is_overnight}
    stretches = []
    for begin, end, _none in work:
        if stretches and breaks.get(stretches[-1][1]) == begin:
            first, last, pauses = stretches.pop()
            stretches.append((first, end, [*pauses, (last, begin)]))
        else:
            stretches.append((begin, end, []))
    return stretches


def _minutes(start, end):
    return round((end - start) / MINUTE)


def _get_part(pauses, start, end):
    """Return the part of pauses that lies in a time: its start may be one in a pause."""
    return [
        (max(begin, start), min(stop, end))
        for begin, stop in pauses
        if begin < end and stop > start
    ]
