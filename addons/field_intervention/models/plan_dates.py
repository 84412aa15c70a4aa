"""When preventive visits are due: pure arithmetic of days, no database."""

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
    season: frozenset  # months in which visits may be; empty: all the year
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


def read_months(text):
    """Return the frozenset of months that « 4,10 » or « 11-2 » names; none for an empty text.

    :raise ValueError: when the text names anything else than months by their numbers
    """
    months = set()
    for part in text.split(",") if text else ():
        first, dash, last = part.partition("-")
        first, last = int(first), int(last if dash else first)
        if not (1 <= first <= 12 and 1 <= last <= 12):
            raise ValueError(part)
        months.update((first - 1 + n) % 12 + 1 for n in range((last - first) % 12 + 1))
    return frozenset(months)


def move_into_season(day, season, earlier=False):
    """The day itself if it lies in the season, else the next one that does (or the last before)."""
    if not season or day.month in season:
        return day
    month, step = day.replace(day=1), relativedelta(months=-1 if earlier else 1)
    while month.month not in season:
        month += step
    return month + relativedelta(day=31) if earlier else month


def forecast(rule, situation, today, until):
    """The visits to expect of one machine: at least the next one, and all up to a day.

    :return: list of :class:`Visit`, in their order
    """
    visits = []
    left = rule.visit_limit - situation.contract_visits if rule.visit_limit else MAX_VISITS
    for visit in _sequence(rule, situation, today):
        end = situation.contract_end
        due = visit.due_date
        if visits and due and due <= visits[-1].due_date:
            continue  # the season, or a meter that ran far, has put both on one day
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
    lower = max(filter(None, (rule.start, situation.contract_start)))
    day = move_into_season(max(day, lower), rule.season, rule.is_regulatory)
    return max(day, lower)  # what the law requires does not wait for the season


def _dates(rule, situation, today):
    if rule.trigger == "fixed_date":
        return _fixed_dates(rule, situation, today)
    return _intervals(rule, situation)


def _fixed_dates(rule, situation, today):
    begin = max(filter(None, (situation.machine_start, situation.contract_start, rule.start)))
    open_from = max(begin, today - timedelta(days=rule.tolerance_days))
    number = situation.occurrence + 1
    while True:
        # the first one is on the day on which the plan starts
        day = add(rule.start, rule.interval, rule.unit, number - 1)
        is_open = situation.occurrence or day >= open_from
        if is_open and not _gives_way(rule, number):
            yield number, _settle(rule, situation, day)
        number += 1


def _gives_way(rule, number):
    """Whether a fixed date that is moved into the season comes too near to the next one: every
    month in April and October is one visit in April and one in October."""
    day, following = (add(rule.start, rule.interval, rule.unit, n) for n in (number - 1, number))
    moved, following = (
        move_into_season(each, rule.season, rule.is_regulatory) for each in (day, following)
    )
    return moved != day and following < add(moved, rule.interval, rule.unit)


def _intervals(rule, situation):
    base = situation.last_done or situation.last_due
    if not base:
        known = (situation.machine_start, situation.contract_start)
        base = max(filter(None, known), default=rule.start)
    number = situation.occurrence
    while True:
        number += 1
        base = add(base, rule.interval, rule.unit)
        day = _settle(rule, situation, base)
        yield number, day
        base = max(base, day)  # a visit that is put off puts off the next one


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
