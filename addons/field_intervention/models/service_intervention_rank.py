from datetime import datetime, time, timedelta

from pytz import utc

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.misc import formatLang

# what speaks for a technician, and against: the sum sorts them
POINTS = {
    "competent": 40,
    "not_competent": -120,  # whatever else speaks for them
    "assignee": 20,
    "sector": 15,
    "agency": 10,
    "other_agency": -15,
    "machine": 15,
    "free": 25,
    "busy": -50,
    "absent": -70,
    "closed": -40,
    "window": -40,
    "tight": -30,
}
LOAD_POINTS = 10  # an empty day; none for a full one
NEAR_POINTS = 15  # next door; none from NEAR_MINUTES on
NEAR_MINUTES = 60


class ServiceIntervention(models.Model):
    """Who can go: every technician with what speaks for and against them."""

    _inherit = "service.intervention"

    def get_candidates(self, start=False):
        """Return the technicians for the dialog « Who Can Go », the best one first.

        :param start: Datetime in UTC to look at (default: the planned start, else when the customer
            can receive us)
        :return: dict ``name``, ``version``, ``start``, ``end`` and ``candidates``: as
            ``_rank_technicians``, with the ``name`` of each and ``next_start``: when who cannot
            come then, or everybody without a start, could come (a Datetime in UTC), else False
        """
        self.ensure_one()
        self.check_access("read")
        start = fields.Datetime.to_datetime(start) or self.planned_start or self._get_next_window()
        ranking = self._rank_technicians(start)
        technicians = self.env["hr.employee"].sudo().browse(c["technician_id"] for c in ranking)
        hindered = technicians.browse(
            c["technician_id"] for c in ranking if c["is_hindered"] or not start
        )
        next_starts = self._find_next_starts(hindered, start) if hindered else {}
        return {
            "name": self.display_name,
            "version": self.version,
            "technician_id": self.technician_id.id,
            "start": start and fields.Datetime.to_string(start),
            "hours": self.planned_hours,
            "candidates": [
                {
                    **candidate,
                    "name": technician.name,
                    "next_start": moment and fields.Datetime.to_string(moment),
                }
                for candidate, technician in zip(ranking, technicians, strict=True)
                for moment in [next_starts.get(technician, False)]
            ],
        }

    @api.readonly
    def get_lacking_technicians(self):
        """Return who is known to lack the competence that this intervention asks for.

        :return: dict ``competence`` (its name; False when none is asked for) and
            ``technician_ids`` (ids of hr.employee)
        """
        self.ensure_one()
        self.check_access("read")
        asked, users = self._get_asked_competence()
        employees = self.env["hr.employee"]
        technicians = employees.sudo().search(employees._get_technician_domain())
        return {
            "competence": asked.name,
            "technician_ids": technicians.filtered(lambda t: t._is_known_to_lack(users)).ids,
        }

    def _get_next_window(self):
        """When the customer can receive us; False when they said nothing, or that is over."""
        return self.earliest and self.earliest > fields.Datetime.now() and self.earliest

    def action_find_technician(self):
        """Open « Who Can Go »: the technicians, sorted, with the reasons."""
        self.ensure_one()
        return {
            "type": "ir.actions.client",
            "tag": "field_intervention.candidates",
            "name": self.env._("Who Can Go?"),
            "target": "new",
            "params": {"intervention_id": self.id},
        }

    def _rank_technicians(self, start=None):
        """Rate every technician of the scope for this intervention.

        The number of queries does not depend on how many technicians there are.

        :param start: Datetime in UTC to look at instead of the planned start
        :return: list of dicts, the best one first: ``technician_id``, ``score`` (higher is
            better), ``reasons`` (sentences), ``conflicts`` (those of the reasons that would refuse
            the plan), ``is_hindered`` (by those, or by the way from or to another job) and
            ``travel_minutes``
        """
        self.ensure_one()
        employees = self.env["hr.employee"].sudo()
        technicians = employees.search(
            employees.with_env(self.env)._get_technician_domain()
            & Domain("company_id", "=", self.company_id.id)
        )
        start = start or self.planned_start
        grounds = {technician: [] for technician in technicians}
        for judge in (self._judge_competence, self._judge_place, self._judge_knowledge):
            judge(grounds)
        travel, hindered = dict.fromkeys(technicians, 0), set()
        if start:
            self._judge_slot(grounds, start, travel, hindered)
        ranking = [
            {
                "technician_id": technician.id,
                "score": round(sum(points for points, _reason, _conflict in reasons)),
                "reasons": [reason for _points, reason, _conflict in reasons if reason],
                "conflicts": [reason for _points, reason, conflict in reasons if conflict],
                "is_hindered": technician in hindered,
                "travel_minutes": travel[technician],
            }
            for technician, reasons in grounds.items()
        ]
        return sorted(
            ranking, key=lambda candidate: (-candidate["score"], candidate["technician_id"])
        )

    def _judge_competence(self, grounds):
        request = self.request_id.sudo()
        asked, users = self._get_asked_competence()
        for technician, reasons in grounds.items() if asked else ():
            able = technician.user_id in users
            words = (
                self.env._("Competent: %(competence)s", competence=asked.name)
                if able
                else self.env._("Lacks the competence %(competence)s", competence=asked.name)
            )
            points = POINTS["competent" if able else "not_competent"]
            reasons.append((points, words, technician._is_known_to_lack(users)))
            if technician.user_id and technician.user_id == request.user_id:
                words = self.env._("The request is assigned to them")
                reasons.append((POINTS["assignee"], words, False))

    def _get_asked_competence(self):
        """Return ``(competence, users who have it)``; without any, those of its family."""
        request = self.request_id.sudo()
        asked = request._get_competence() if request else self.env["service.competence"].sudo()
        for competence in asked._lineage():
            if competence.user_ids:
                return asked, competence.user_ids
        return asked, self.env["res.users"].sudo()

    def _judge_place(self, grounds):
        lineage = self._get_sector_lineage()
        agency = self.agency_id
        for technician, reasons in grounds.items():
            usual = technician.technician_sector_ids & lineage
            if usual:
                words = self.env._("Usual sector: %(sector)s", sector=usual[0].name)
                reasons.append((POINTS["sector"], words, False))
            homes = technician.technician_agency_ids
            if agency in homes:
                words = self.env._("Agency %(agency)s", agency=agency.name)
                reasons.append((POINTS["agency"], words, False))
            elif homes:
                words = self.env._("Of another agency: %(agency)s", agency=homes[0].name)
                reasons.append((POINTS["other_agency"], words, False))

    def _get_sector_lineage(self):
        """The sector of the site and those that it lies in."""
        path = self.sector_id.sudo().parent_path or ""
        return self.sector_id.sudo().browse(int(part) for part in path.split("/") if part)

    def _judge_knowledge(self, grounds):
        visits = (
            self.env["service.intervention"]
            .sudo()
            ._read_group(
                Domain("equipment_ids", "in", self.equipment_ids.ids)
                & Domain("state", "in", ("done", "to_resume"))
                & Domain("technician_id", "in", [technician.id for technician in grounds]),
                ["technician_id"],
                ["__count"],
            )
        )
        for technician, count in visits:
            words = self.env._("Knows the machine: %(count)s visits", count=count)
            grounds[technician].append((POINTS["machine"], words, False))

    def _judge_slot(self, grounds, start, travel, hindered):
        """Free at that time, how loaded that day, and how far away."""
        technicians = self.env["hr.employee"].sudo().browse(t.id for t in grounds)
        day, next_day = self._get_local_day(start)
        one = timedelta(days=1)
        horizon = next_day + timedelta(days=7 + self.planned_hours)
        work = technicians._get_working_time(day - one, horizon)
        absences = technicians._get_absences(day, horizon)
        rests = technicians._get_rests(day, horizon, work, absences)
        ends = {t: t._get_planned_end(start, self.planned_hours, rests[t]) for t in technicians}
        last = max([next_day, *ends.values()])
        busy = technicians._get_busy_time(day, last, besides=self.ids)
        place = self.address_id._get_service_position()
        for technician, reasons in grounds.items():
            end = ends[technician]
            obstacles = self._get_obstacles(
                technician, start, end, busy[technician], absences[technician], work[technician]
            )
            reasons.extend((POINTS[kind], words, True) for kind, words in obstacles)
            tight = [] if obstacles else self._get_tight_ways(start, end, busy[technician])
            reasons.extend((POINTS["tight"], words, False) for words in tight)
            if obstacles or tight:
                hindered.add(technician)
            else:
                reasons.append((POINTS["free"], self.env._("Free at that time"), False))
            reasons.append(
                self._judge_load(
                    busy[technician], work[technician], rests[technician], day, next_day
                )
            )
            before = busy[technician].filtered(lambda i: i.planned_end <= start)[-1:]
            origin = before.address_id or technician.home_partner_id
            minutes = self._get_way(origin)
            travel[technician] = minutes
            if origin._get_service_position() and place:
                near = NEAR_POINTS * max(0, 1 - minutes / NEAR_MINUTES)
                words = self.env._(
                    "%(minutes)s min from %(place)s",
                    minutes=minutes,
                    place=origin.city or origin.display_name,
                )
                reasons.append((near, words, False))

    def _get_tight_ways(self, start, end, busy):
        """Return in words which jobs lie too near in time for the way between them and this one."""
        words = []
        for other in busy:
            way = self._get_way(other.address_id)
            before, after = start - other.planned_end, other.planned_start - end
            if max(before, after).total_seconds() / 60 >= way:
                continue
            values = {
                "minutes": way,
                "other": other.with_user(self.env.uid)._get_public_name(),
                "start": self._format_moment(other.planned_start),
                "end": self._format_moment(other.planned_end),
            }
            words.append(
                self.env._("%(minutes)s min from %(other)s, which ends %(end)s", **values)
                if before > after
                else self.env._("%(minutes)s min to %(other)s, which starts %(start)s", **values)
            )
        return words

    def _get_obstacles(self, technician, start, end, busy, absences, work):
        """Return ``[(kind, sentence)]``: why a technician cannot work from start to end."""
        obstacles = [
            (
                "busy",
                self.env._(
                    "On %(intervention)s from %(start)s to %(end)s",
                    intervention=other.with_user(self.env.uid)._get_public_name(),
                    start=self._format_moment(other.planned_start),
                    end=self._format_moment(other.planned_end),
                ),
            )
            for other in busy
            if other.planned_start < end and other.planned_end > start
        ]
        obstacles += [
            ("absent", self.env._("Away (%(leave)s)", leave=name))
            for begin, stop, name in absences
            if begin < end and stop > start
        ]
        if not obstacles and technician._get_closed_reason(start, end, work):
            obstacles.append(("closed", self.env._("Off duty at that time")))
        outside = self._get_outside_window(start)
        if outside:
            obstacles.append(("window", outside))
        return obstacles

    def _judge_load(self, busy, work, rests, day, next_day):
        available = sum(
            (min(stop, next_day) - max(begin, day)).total_seconds() / 3600
            for begin, stop, _none in work
            if begin < next_day and stop > day
        )
        planned = sum(
            job.technician_id._get_worked_hours(
                max(job.planned_start, day), min(job.planned_end, next_day), rests
            )
            for job in busy
            if job.planned_start < next_day
        )
        load = planned / available if available else 1.0
        words = self.env._(
            "%(planned)s of %(available)s h planned that day",
            planned=formatLang(self.env, planned, digits=1),
            available=formatLang(self.env, available, digits=1),
        )
        return (LOAD_POINTS * max(0, 1 - load), words, False)

    def _get_local_day(self, moment):
        """Return the start of the user's day around a moment, and that of the next one, in UTC."""
        zone = self.env.tz
        day = utc.localize(moment).astimezone(zone).date()
        return tuple(
            zone.localize(datetime.combine(day + timedelta(days=n), time.min))
            .astimezone(utc)
            .replace(tzinfo=None)
            for n in (0, 1)
        )
