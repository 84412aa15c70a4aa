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
    """First and last day of the period of the same length that follows ``start`` – ``end``."""
    first = end + timedelta(days=1)
    length = relativedelta(first, start)
    if length.days:
        return first, end + (first - start)
    return first, last_day(first, length.years * 12 + length.months, "month")
