"""When preventive visits are due: pure arithmetic of days, no database."""

from calendar import monthrange
from datetime import date, timedelta
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

# what stands at the customer, or will again
SERVED_STATES = ("in_service", "in_repair", "on_loan")
MAX_VISITS = 400  # of one machine in one horizon: a daily visit for a year and a bit


class Rule(NamedTuple):
    """What a plan says."""

    trigger: str
    start: date
    interval: int
    unit: str
    meter_step: float
    season: tuple  # first and last month, or ()
    is_regulatory: bool
    tolerance_days: int
    visit_limit: int


class Situation(NamedTuple):
    """What is known about one machine under a plan."""

    machine_start: date | None
    contract_start: date | None
    contract_end: date | None
    occurrence: int  # of the last visit that is not a mere forecast; 0: none
    last_due: date | None
    last_done: date | None
    last_meter: float | None  # at the last visit
    contract_visits: int  # made under the contract so far
    meter_value: float | None
    meter_date: date | None
    meter_average: float  # per day
    meter_planned: float | None = None  # what was forecast for the first visit


class Visit(NamedTuple):
    occurrence: int
    due_date: date | None
    due_meter: float | None


def add(day, interval, unit, times=1):
    """The day ``times`` intervals later; the end of a shorter month stays in that month."""
    return day + relativedelta(**{f"{unit}s": interval * times})


def move_into_season(day, season, earlier=False):
    """The day itself if it lies in the season, else the next one that does (or the last before)."""
    if not season:
        return day
    first, last = season
    inside = first <= day.month <= last if first <= last else not last < day.month < first
    if inside:
        return day
    if earlier:
        year = day.year if last < day.month else day.year - 1
        return date(year, last, monthrange(year, last)[1])
    year = day.year if day.month < first else day.year + 1
    return date(year, first, 1)


def forecast(rule, situation, today, until):
    """The visits to expect of one machine: at least the next one, and all up to a day.

    :return: list of :class:`Visit`, in their order
    """
    visits = []
    left = rule.visit_limit - situation.contract_visits if rule.visit_limit else MAX_VISITS
    for visit in _sequence(rule, situation, today):
        end = situation.contract_end
        due = visit.due_date
        if due and end and due > end:
            if visits or situation.contract_visits or not _falls_in_time(rule, situation, today):
                break
            visit = visit._replace(due_date=end)  # none was made under the contract
        if len(visits) >= left or (visits and (not due or due > until)):
            break
        visits.append(visit)
        if not visit.due_date or visit.due_date == end:
            break
    return visits


def _falls_in_time(rule, situation, today):
    end = situation.contract_end
    return end >= today and rule.trigger != "meter"


def _sequence(rule, situation, today):
    """All the visits from the next one on, without an end."""
    by_date = _dates(rule, situation, today) if rule.trigger != "meter" else None
    by_meter = _meters(rule, situation) if rule.trigger in ("meter", "interval_or_meter") else None
    if by_date is None:
        for number, (day, meter) in enumerate(by_meter, situation.occurrence + 1):
            yield Visit(number, day and _settle(rule, situation, day), meter)
    elif by_meter is None:
        for number, day in by_date:
            yield Visit(number, day, None)
    else:
        for (number, day), (metered, meter) in zip(by_date, by_meter, strict=False):
            earlier = min(day, _settle(rule, situation, metered)) if metered else day
            yield Visit(number, earlier, meter)


def _settle(rule, situation, day):
    """The day a visit is due: in the season, and not before the plan or the contract begins."""
    day = move_into_season(day, rule.season, rule.is_regulatory)
    lower = max(filter(None, (rule.start, situation.contract_start)))
    return max(day, lower)


def _dates(rule, situation, today):
    if rule.trigger == "fixed_date":
        begin = max(filter(None, (situation.machine_start, situation.contract_start, rule.start)))
        open_from = max(begin, today - timedelta(days=rule.tolerance_days))
        number = situation.occurrence + 1
        while True:
            # the first one is on the day on which the plan starts
            day = add(rule.start, rule.interval, rule.unit, number - 1)
            if situation.occurrence or day >= open_from:
                yield number, _settle(rule, situation, day)
            number += 1
    base = situation.last_done or situation.last_due
    if not base:
        known = (situation.machine_start, situation.contract_start)
        base = max(filter(None, known), default=rule.start)
    number = situation.occurrence
    first = _settle(rule, situation, add(base, rule.interval, rule.unit))
    number += 1
    yield number, first
    times = 0
    while True:
        times += 1
        number += 1
        yield number, _settle(rule, situation, add(first, rule.interval, rule.unit, times))


def _meters(rule, situation):
    """Days and values of the meter; no day where nothing says when it will be reached."""
    value, step = situation.meter_value, rule.meter_step
    if value is None:
        while True:
            yield None, None
    if situation.last_meter:
        due = situation.last_meter + step
    else:
        due = situation.meter_planned or (value // step + 1) * step
    while True:
        day = None
        if due <= value:
            day = situation.meter_date
        elif situation.meter_average > 0:
            days = (due - value) / situation.meter_average
            if days < 36500:
                day = situation.meter_date + timedelta(days=int(days))
        yield day, due
        due += step
