from collections import defaultdict
from datetime import date, datetime, time, timedelta

from pytz import utc

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .service_intervention import ENDED

ONE_DAY = timedelta(days=1)
MAX_DAYS_OF_BARS = 16  # a longer window shows the load of each day and no single job
POOL_LIMIT = 200
MOMENTS = ("planned_start", "planned_end", "earliest", "latest", "deadline")

# what a bar or a card shows; addons that add a sign to it add its field here
BOARD_FIELDS = [
    "name",
    "version",
    "state",
    "priority",
    "is_fixed",
    "conflict_reason",
    "technician_id",
    "helper_ids",
    "vendor_id",
    "agency_id",
    "sector_id",
    "partner_id",
    "address_id",
    "nature_id",
    "previous_id",
    "planned_start",
    "planned_end",
    "planned_hours",
    "earliest",
    "latest",
    "deadline",
]


class ServiceIntervention(models.Model):
    """What the dispatch board shows."""

    _inherit = "service.intervention"

    @api.model
    @api.readonly
    def get_board(self, start, stop, domain=()):
        """Return what the board shows of a window of time, in one call.

        :param start: Datetime in UTC, midnight of the user's first day
        :param stop: Datetime in UTC, midnight after the user's last day
        :param domain: which interventions; the others are there too, without ``match``, because
            who is busy with them is not free
        :return: dict

            - ``technicians``: every technician of the scope, also those who have nothing to do:
              ``id``, ``name``, ``agency_ids``, ``sector_ids``, ``competences``, ``days`` (for
              each day ``date``, ``available`` and ``planned`` hours), ``open`` (working hours:
              pairs of moments), ``leaves`` (triples: start, end, name), ``elsewhere`` (pairs: busy
              with what the user may not see); for dispatchers also ``home`` and ``position``
            - ``interventions``: those of the window, empty when it is longer than 16 days;
              ``is_short``: planned parts are not in the van
            - ``pool``: those that wait for a technician or a date, the first 200 by deadline;
              ``pool_count``: how many there are
            - ``late_count``: how many of all days are late, as ``is_late`` says
            - ``agencies``, ``sectors``, ``vendors``: id and name
            - ``speed``: in km/h of the straight line; ``map``: the settings of the map
        """
        start, stop = fields.Datetime.to_datetime(start), fields.Datetime.to_datetime(stop)
        days = self._get_board_days(start, stop)
        technicians = (
            self.env["hr.employee"].sudo().search(self.env["hr.employee"]._get_technician_domain())
        )
        window = Domain("planned_start", "<", stop) & Domain("planned_end", ">", start)
        window &= Domain("state", "!=", "cancelled")
        crew = Domain("technician_id", "in", technicians.ids)
        crew |= Domain("helper_ids", "in", technicians.ids)
        subcontracted = Domain("vendor_id", "!=", False) & Domain("technician_id", "=", False)
        jobs = self._read_board(window & (crew | subcontracted), "planned_start, id")
        mine = [job["id"] for job in jobs]
        hidden = self.sudo()._read_board(
            window & crew & Domain("id", "not in", mine) & Domain("state", "not in", ENDED)
        )
        pool, pool_count = self._get_board_pool(domain)
        to_fit = self._find_parts_to_fit(pool)
        bars = jobs if len(days) <= MAX_DAYS_OF_BARS else []
        matching = self._get_matching([bar["id"] for bar in bars], domain)
        short = self.browse(bar["id"] for bar in bars)._find_missing_parts()
        technicians = self._get_board_technicians(technicians, jobs, hidden, days)
        self._name_board_cards([*bars, *pool])
        return {
            "technicians": technicians,
            "interventions": [
                {**bar, "match": bar["id"] in matching, "is_short": bar["id"] in short}
                for bar in bars
            ],
            "pool": [{**card, "is_short": card["id"] in to_fit} for card in pool],
            "pool_count": pool_count,
            "late_count": self.search_count(Domain("is_late", "=", True) & Domain(list(domain))),
            "agencies": self._read_names("service.agency", []),
            "sectors": self._read_names("service.sector", [False]),
            "speed": self.env.company.service_travel_speed / self.env.company.service_road_factor,
            "map": {
                "tile_url": self.env.company.service_tile_url,
                "attribution": self.env.company.service_tile_attribution,
            },
            "vendors": self._get_board_vendors(bars),
        }

    @api.model
    def _read_names(self, model, companies):
        companies = [*self.env.companies.ids, *companies]
        return self.env[model].search([("company_id", "in", companies)]).read(["name"], load=None)

    @api.model
    def _get_board_vendors(self, bars):
        ids = {bar["vendor_id"] for bar in bars if bar["vendor_id"]}
        return self.env["res.partner"].sudo().browse(ids).read(["name"], load=None)

    @api.model
    def _get_board_days(self, start, stop):
        """Return ``{day: (midnight, next midnight)}`` of the user's days of a window, in UTC."""
        zone = self.env.tz
        first, last = (utc.localize(moment).astimezone(zone).date() for moment in (start, stop))
        return {
            (first + timedelta(days=n)).isoformat(): tuple(
                zone.localize(datetime.combine(first + timedelta(days=m), time.min))
                .astimezone(utc)
                .replace(tzinfo=None)
                for m in (n, n + 1)
            )
            for n in range(max((last - first).days, 1))
        }

    @api.model
    def _get_board_pool_domain(self):
        """Open interventions that nobody does yet, or that have no date."""
        return Domain("state", "not in", ENDED) & (
            Domain("planned_start", "=", False)
            | (Domain("technician_id", "=", False) & Domain("vendor_id", "=", False))
        )

    @api.model
    def _get_board_pool(self, domain):
        waiting = Domain.AND([self._get_board_pool_domain(), list(domain)])
        pool = self._read_board(waiting, "deadline, priority desc, id", POOL_LIMIT)
        many = len(pool) == POOL_LIMIT
        return pool, self.search_count(waiting) if many else len(pool)

    @api.model
    def _find_parts_to_fit(self, cards):
        """The ids of the follow-ups among these that wait for the parts of an unfinished visit."""
        follow_ups = [card["id"] for card in cards if card["previous_id"]]
        parts = self.env["service.consumption"]._read_group(
            Domain("intervention_id", "in", follow_ups)
            & Domain("kind", "=", "part")
            & Domain("state", "in", ("todo", "planned")),
            ["intervention_id"],
        )
        return {intervention.id for (intervention,) in parts}

    @api.model
    def _read_board(self, domain, order=None, limit=None):
        """Read what a board shows straight from the database, with the rights of the user.

        Thousands of bars are read each time that somebody looks at a week: no record is made of
        them.

        :return: list of dicts ``{field: value}``
        """
        query = self._search(domain, order=order, limit=limit)
        columns = [name for name in ["id", *BOARD_FIELDS] if self._fields[name].column_type]
        rows = self.env.execute_query_dict(
            query.select(
                *(
                    SQL(
                        "%s AS %s",
                        self._field_to_sql(self._table, name, query),
                        SQL.identifier(name),
                    )
                    for name in columns
                )
            )
        )
        helpers = self._read_helpers([row["id"] for row in rows])
        for row in rows:
            row["helper_ids"] = helpers.get(row["id"], [])
        return rows

    @api.model
    def _read_helpers(self, ids):
        field = self._fields["helper_ids"]
        helpers = defaultdict(list)
        self.flush_model(["helper_ids"])
        for intervention_id, employee_id in self.env.execute_query(
            SQL(
                "SELECT %(own)s, %(other)s FROM %(table)s WHERE %(own)s = ANY(%(ids)s)",
                own=SQL.identifier(field.column1),
                other=SQL.identifier(field.column2),
                table=SQL.identifier(field.relation),
                ids=ids,
            )
        ):
            helpers[intervention_id].append(employee_id)
        return helpers

    @api.model
    def _get_matching(self, ids, domain):
        if not domain:
            return set(ids)
        return set(self._search(Domain.AND([Domain("id", "in", ids), list(domain)])))

    @api.model
    def _name_board_cards(self, cards):
        """Add names to what was read, instead of what the client would have to look up."""
        partner_ids = {card[name] for card in cards for name in ("partner_id", "address_id")}
        partners = {
            partner.id: (partner.name, partner.city, partner._get_service_position())
            for partner in self.env["res.partner"].sudo().browse(filter(None, partner_ids))
        }
        natures = {
            nature.id: (nature.name, nature.is_regulatory)
            for nature in self.env["service.intervention.nature"]
            .sudo()
            .browse({card["nature_id"] for card in cards if card["nature_id"]})
        }
        for card in cards:
            card["partner"] = partners[card["partner_id"]][0]
            _name, card["city"], card["position"] = partners.get(
                card["address_id"], (None, None, None)
            )
            nature, card["is_regulatory"] = natures.get(card["nature_id"], (None, False))
            if card["previous_id"]:
                follow_up = self.env._("Follow-up")
                nature = f"{nature} · {follow_up}" if nature else follow_up
            card["nature"] = nature
            for name in MOMENTS:
                card[name] = card[name] and str(card[name])

    @api.model
    def _get_board_technicians(self, technicians, jobs, hidden, days):
        midnights = [*days.values()]
        start, stop = midnights[0][0], midnights[-1][1]
        work = technicians._get_working_time(start, stop)
        leaves = technicians._get_absences(start, stop)
        rests = technicians._get_rests(start, stop, work, leaves)
        leaves = {employee.id: away for employee, away in leaves.items()}
        planned = self._get_board_hours([*jobs, *hidden], work, rests, days)
        # who plans tours has to know where they begin and where people are; nobody else has
        plans = self.env.user.has_group("installed_base.group_service_dispatcher")
        positions = self._get_board_positions(technicians) if plans else {}
        elsewhere = defaultdict(list)
        for job in hidden:
            for employee_id in _crew_ids(job):
                elsewhere[employee_id].append(_moments(job["planned_start"], job["planned_end"]))
        return [
            {
                "id": technician.id,
                "name": technician.name,
                "agency_ids": technician.technician_agency_ids.ids,
                "sector_ids": technician.technician_sector_ids.ids,
                "competences": technician.competence_ids.mapped("name"),
                "home": technician.home_partner_id._get_service_position() if plans else None,
                "position": positions.get(technician.id),
                "days": [
                    {
                        "date": day,
                        "available": _hours_between(work[technician], *bounds),
                        "planned": planned[technician.id, day],
                    }
                    for day, bounds in days.items()
                ],
                "open": [_moments(begin, end) for begin, end, _none in work[technician]],
                "leaves": [[*_moments(b, e), name] for b, e, name in leaves[technician.id]],
                "elsewhere": elsewhere[technician.id],
            }
            for technician in technicians
        ]

    @api.model
    def _get_board_positions(self, technicians):
        """``{technician id: [latitude, longitude, moment]}``: where they were last, if they let."""
        followed = technicians.filtered(lambda technician: technician._notes_position())
        if not followed:
            return {}
        last = self.env["service.technician.position"].sudo()._get_last(followed)
        return {id_: [*point, str(moment)] for id_, (*point, moment) in last.items()}

    @api.model
    def _get_board_hours(self, jobs, work, rests, days):
        """Return ``{(employee id, day): hours planned}``; work rests at breaks and at night."""
        midnights = [*days.values()]
        window = midnights[0][0], midnights[-1][1]
        by_id = {employee.id: (work[employee], rests[employee]) for employee in work}
        technicians = self.env["hr.employee"]
        hours = defaultdict(float)
        for job in jobs:
            begin, end = job["planned_start"], job["planned_end"]
            for employee_id in _crew_ids(job):
                if employee_id not in by_id:
                    continue
                at_work, idle = by_id[employee_id]
                idle = technicians._get_rests_between(begin, end, idle)
                busy, idle = _split_job(begin, end, at_work, idle, window)
                for day in self._get_days_touched(begin, end, days):
                    hours[employee_id, day] += _hours_between(busy, *days[day])
                    hours[employee_id, day] -= _hours_between(idle, *days[day])
        return hours

    @api.model
    def _get_days_touched(self, begin, end, days):
        """The days that a stretch of time may lie in: its dates in UTC, and one to either side."""
        first, last = begin.date() - ONE_DAY, end.date() + ONE_DAY
        for number in range((last - first).days + 1):
            day = date.isoformat(first + timedelta(days=number))
            if day in days:
                yield day


def _crew_ids(job):
    return {job["technician_id"], *job["helper_ids"]}


def _split_job(begin, end, work, idle, window):
    """Return when somebody works on a job, and the breaks in it, as intervals.

    Of what goes on overnight, perhaps beyond the window, only the hours at work count.

    :param idle: the rests that interrupt it
    """
    whole = [(begin, end, None)]
    first, last = window
    if begin < first or end > last or any(is_overnight for *_times, is_overnight in idle):
        at_work = [
            (max(begin, opening), min(end, closing), None)
            for opening, closing, _none in work
            if opening < end and closing > begin
        ]
        return at_work or whole, []
    return whole, idle


def _moments(*moments):
    return [str(moment) for moment in moments]


def _hours_between(intervals, start, stop):
    """Sum the hours of intervals that lie between two moments."""
    return sum(
        (min(end, stop) - max(begin, start)).total_seconds() / 3600
        for begin, end, _payload in intervals
        if begin < stop and end > start
    )
