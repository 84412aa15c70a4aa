"""Periods of promises: whole days, first and last day included."""

from datetime import timedelta

from dateutil.relativedelta import relativedelta


def last_day(start, duration, unit):
    """Last day of a period.

    Twelve months from 15 January end on 14 January. A period whose anniversary does not exist
    (from 29 February, from 31 January) ends on the last day of that month.

    :param start: first day
    :param duration: how many units
    :param unit: ``day``, ``month`` or ``year``
    """
    anniversary = start + relativedelta(**{f"{unit}s": duration})
    if unit != "day" and anniversary.day != start.day:
        return anniversary
    return anniversary - timedelta(days=1)


def following(start, end):
    """First and last day of the period of the same length that follows ``start`` – ``end``.

    As many months if it is of whole months, as many days otherwise.
    """
    first = end + timedelta(days=1)
    months = (first.year - start.year) * 12 + first.month - start.month
    for whole in (months - 1, months):  # a period from the 31st may end in a shorter month
        if whole > 0 and last_day(start, whole, "month") == end:
            return first, last_day(first, whole, "month")
    return first, end + (first - start)
