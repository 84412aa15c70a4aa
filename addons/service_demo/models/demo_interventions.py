from base64 import b64encode
from collections import Counter, defaultdict
from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Command

from ..catalogue.people import STAFF
from ..catalogue.stories import CANCEL_REASONS, COMMENTS, RESUME_FINDINGS
from .demo_pictures import draw_gauge, draw_signature
from .demo_requests import STORY_OF_TITLE

HOURS = (8, 10.5, 13.5, 15.5)
CLOSING = 17.5
VISITED = (
    "visited",
    "cancelled",
    "resumed",
    "dispatched",
    "planned",
    "unplanned",
    "leaving",
    "working",
)
# what is asked so is answered by phone: nobody drives there
ANSWERED_BY_PHONE = ("question", "advice")


class ServiceDemo(models.AbstractModel):
    _inherit = "service.demo"

    @api.model
    def _create_interventions(self):
        """Dispatchers plan, technicians work; what is over is then moved to its time."""
        visits = {fate: self._open_interventions(self._get_requests(fate)) for fate in VISITED}
        self._plan_visits(visits)
        self._do_visits(visits["visited"])
        self._interrupt_visits(visits["resumed"])
        self._cancel_visits(visits["cancelled"])
        for fate in ("dispatched", "leaving", "working"):
            self._by_dispatcher(visits[fate], lambda mine: mine.action_dispatch())
        self._be_on_the_road(visits["leaving"], visits["working"])
        self._work_without_request()

    # ------------------------------------------------------------ planning
    def _open_interventions(self, requests):
        """The dispatcher of each agency makes an intervention out of each request."""
        interventions = self._model("service.intervention")
        natures = {
            kind: self.env.ref(f"field_intervention.service_intervention_nature_{kind}").id
            for kind in ("repair", "maintenance")
        }
        preventive = self.env.ref("service_request.service_request_type_preventive")
        for agency, waiting in requests.grouped("agency_id").items():
            dispatcher = agency.manager_id
            made = interventions.with_user(dispatcher).create(
                [
                    {
                        "request_id": request.id,
                        "nature_id": natures[
                            "maintenance" if request.type_id == preventive else "repair"
                        ],
                        "intervention_type": "phone" if kind in ANSWERED_BY_PHONE else "onsite",
                        "priority": "1" if request.severity_id.blocking else "0",
                        "planned_hours": hours,
                    }
                    for request in waiting
                    for _skill, kind, *_story, hours in [STORY_OF_TITLE[request.title]]
                ]
            )
            interventions |= made.sudo()
        return interventions.sorted("id")

    def _plan_visits(self, visits):
        """Give each intervention the least busy able technician of its agency, and a free hour."""
        load, taken, away = Counter(), defaultdict(list), self._model("hr.employee")
        for fate, interventions in visits.items():
            for number, intervention in enumerate(interventions):
                if fate == "unplanned":
                    continue
                able = self._get_able_technicians(intervention.request_id, away)
                technician = min(able, key=lambda t: (load[t], t.id))
                load[technician] += 1
                if fate in ("leaving", "working"):
                    away |= technician
                    day = self._today()
                elif fate in ("dispatched", "planned"):
                    day = self._day(1 + number)
                else:
                    day = self._get_visit_day(intervention.request_id, number)
                day, hour = self._find_free_slot(taken, technician, day, intervention.planned_hours)
                start = self._at(day, hour)
                mine = intervention.with_user(intervention.agency_id.manager_id)
                mine.action_plan(
                    technician.id,
                    start,
                    start + timedelta(hours=intervention.planned_hours),
                    version=mine.version,
                    # whoever installs the demo on a Sunday finds people at work too
                    conflict_reason="Astreinte"
                    if fate in ("leaving", "working")
                    else self._get_excuse(mine, technician),
                )
                mine.is_fixed = number % 2 == 0
                request = mine.request_id
                request.action_assign_to(technician.user_id.id)
                request.stage_id = self.env.ref("service_request.service_request_stage_progress")

    def _get_excuse(self, intervention, technician):
        """Why a technician goes who has not learned it: their agency has nobody else."""
        _asked, users = intervention._get_asked_competence()
        return "Seul disponible" if technician._is_known_to_lack(users) else None

    def _get_able_technicians(self, request, away):
        """Technicians of the agency with the competence, else of its family, else all."""
        team = self._refs(
            "employee",
            [
                login
                for login, (_name, role, agency) in STAFF.items()
                if role == "technician" and self._ref(f"agency_{agency}") == request.agency_id
            ],
        )
        team -= away
        families = self._model("service.competence").search(
            [("id", "child_of", request.competence_id.parent_id.ids)]
        )
        for users in (request.competence_id.user_ids, families.user_ids):
            able = team.filtered(lambda t, users=users: t.user_id in users)
            if able:
                return able
        return team

    def _get_visit_day(self, request, number):
        """A working day soon after the call, before today."""
        day = fields.Date.add(request.date.date(), days=1 + number % 4)
        while day.weekday() > 4:
            day = fields.Date.add(day, days=1)
        return day

    def _find_free_slot(self, taken, technician, day, length):
        """A free hour of a technician from a day on, not always the first of the day."""
        hours = [hour for hour in HOURS if hour + length <= CLOSING] or [HOURS[0]]
        while True:
            first = (day.toordinal() + technician.id) % len(hours)
            for hour in hours[first:] + hours[:first]:
                busy = taken[technician, day]
                if all(hour >= end or hour + length <= start for start, end in busy):
                    busy.append((hour, hour + length))
                    return day, hour
            day = fields.Date.add(day, days=1)
            while day.weekday() > 4:
                day = fields.Date.add(day, days=1)

    def _by_dispatcher(self, interventions, action):
        for dispatcher, mine in interventions.grouped(lambda i: i.agency_id.manager_id).items():
            action(mine.with_user(dispatcher))

    def _by_technician(self, interventions, action):
        for user, mine in interventions.grouped("technician_user_id").items():
            action(mine.with_user(user))

    # ------------------------------------------------------------ working
    def _do_visits(self, visits):
        """From the departure to the signed report; the customer is satisfied."""
        self._start_visits(visits)
        self._consume(visits, with_parts=True)
        for number, visit in enumerate(visits):
            story = STORY_OF_TITLE[visit.request_id.title]
            signer = visit.contact_id.name or visit.partner_id.name
            visit.with_user(visit.technician_user_id).write(
                {
                    "report": Markup("<p>%s</p>") % story[5],
                    "satisfied": True,
                    **(
                        self._prepare_signature(signer)
                        if visit.intervention_type == "onsite"
                        else {}
                    ),
                    "customer_comment": number % 3 == 0 and COMMENTS[number // 3 % len(COMMENTS)],
                }
            )
            if visit.intervention_type == "onsite" and number % 2 == 0:
                visit._add_file("avant.png", draw_gauge(0.1), "image/png", "before")
                visit._add_file("apres.png", draw_gauge(0.5), "image/png", "after")
        # as between two clicks: what was read before the consumptions were written is forgotten
        visits.request_id.invalidate_recordset(["consumption_ids"])
        self._by_technician(visits, lambda mine: mine.action_done())
        for visit in visits:
            self._move_visit(visit)
            self._replace_component(visit)

    @api.model
    def _prepare_signature(self, signer):
        return {"signed_by": signer, "signature": b64encode(draw_signature(signer))}

    def _interrupt_visits(self, visits):
        """The work could not be finished: a follow-up waits to be planned."""
        self._start_visits(visits)
        self._consume(visits, with_parts=False)
        for visit, finding in zip(visits, RESUME_FINDINGS, strict=True):
            visit.with_user(visit.technician_user_id).write(
                {"findings": finding, "report": Markup("<p>%s</p>") % finding}
            )
        self._by_technician(visits, lambda mine: mine.action_to_resume())
        for visit in visits:
            self._move_visit(visit)

    def _cancel_visits(self, visits):
        for visit, reason in zip(visits, CANCEL_REASONS, strict=True):
            visit.with_user(visit.agency_id.manager_id).action_cancel(reason)

    def _start_visits(self, visits):
        self._by_dispatcher(visits, lambda mine: mine.action_dispatch())
        trips = visits.filtered(lambda visit: visit.intervention_type == "onsite")
        self._by_technician(trips, lambda mine: mine.action_leave())
        self._by_technician(visits, lambda mine: mine.action_start())

    def _consume(self, visits, with_parts):
        """What the technician writes down: parts, the hours and the trip."""
        mountain = self._ref("sector_haute_savoie") | self._ref("sector_tarentaise")
        for visit in visits:
            story = STORY_OF_TITLE[visit.request_id.title]
            travel = "travel_mountain" if visit.sector_id in mountain else "travel"
            lines = [("service_labor", story[7])]
            if visit.intervention_type == "onsite":
                lines += [(f"service_{travel}", 1)]
            if with_parts:
                lines += [(f"part_{part}", quantity) for part, quantity in story[6]]
            visit.with_user(visit.technician_user_id).consumption_ids = [
                Command.create({"product_id": self._ref(name).id, "quantity": quantity})
                for name, quantity in lines
            ]

    def _move_visit(self, visit):
        """Let a visit that is over have happened when it was planned."""
        start = visit.planned_start
        left = start - timedelta(minutes=20 + visit.id % 4 * 8)
        end = start + timedelta(hours=visit.planned_hours, minutes=visit.id % 3 * 10)
        travel = visit.time_ids.filtered(lambda time: time.kind == "travel")
        travel.write({"start": left, "stop": start})
        (visit.time_ids - travel).write({"start": start, "stop": end})
        visit.write(
            {
                "dispatch_date": start - timedelta(days=1),
                "departure_date": travel and left,
                "arrival_date": start,
                "done_date": end,
                "signed_on": visit.signature and end,
            }
        )
        visit.consumption_ids.done_date = end
        moment = {"date": end}
        visit.consumption_ids.move_ids.write(moment)
        visit.consumption_ids.move_ids.move_line_ids.write(moment)

    def _replace_component(self, visit):
        """A part that the machine is made of takes the place of the old one."""
        parts = visit.consumption_ids.filtered(lambda c: c.kind == "part").product_id
        component = visit.equipment_ids.installed_component_ids.filtered(
            lambda c: c.product_id in parts
        )[:1]
        if component:
            component._replace(component.product_id, date=visit.done_date.date(), source=visit)

    # ------------------------------------------------------------ right now
    def _be_on_the_road(self, leaving, working):
        """Some are on the way and on site at this very moment."""
        now = fields.Datetime.now()
        self._by_technician(leaving | working, lambda mine: mine.action_leave())
        self._by_technician(working, lambda mine: mine.action_arrive())
        for visit in leaving | working:
            left = now - timedelta(minutes=15 if visit in leaving else 80)
            start = left + timedelta(minutes=30)
            visit.write(
                {
                    "planned_start": start,
                    "planned_end": start + timedelta(hours=visit.planned_hours),
                    "departure_date": left,
                    "dispatch_date": left - timedelta(hours=2),
                    "arrival_date": visit in working and start,
                }
            )
            times = visit.time_ids.sorted("id")
            times[0].write({"start": left, "stop": visit in working and start})
            times[1:].write({"start": start})

    def _work_without_request(self):
        """A technician works on a machine in the workshop that nobody asked about."""
        machine = self._model("service.equipment").search([("state", "=", "in_repair")], limit=1)
        away = self._model("service.intervention").search(
            [("state", "in", ("on_the_way", "on_site"))]
        )
        technician = self._model("hr.employee").search(
            [
                ("technician_agency_ids", "in", machine.agency_id.ids),
                ("id", "not in", away.technician_id.ids),
            ],
            limit=1,
        )
        work = (
            self._model("service.intervention")
            .with_user(technician.user_id)
            .with_context(lang=technician.user_id.lang)
            .create(
                {
                    "partner_id": machine.partner_id.id,
                    "site_id": machine.site_id.id,
                    "agency_id": machine.agency_id.id,
                    "equipment_ids": [Command.set(machine.ids)],
                    "intervention_type": "workshop",
                    "technician_id": technician.id,
                    "planned_start": fields.Datetime.now() - timedelta(minutes=20),
                }
            )
        )
        work.action_plan(version=work.version)
        work.action_start()
