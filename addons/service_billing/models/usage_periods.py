from datetime import date
from typing import NamedTuple


def cut_period(period, first, last):
    """The part of a period that lies in a span of days, with its share of the included volume.

    :param period: dict ``date_from``, ``date_to``, ``intervals``
    :param last: date, or None: without an end
    :return: such a dict, or None when they have no day in common
    """
    begin, end = max(period["date_from"], first), min(period["date_to"], last or date.max)
    if end < begin:
        return None
    share = ((end - begin).days + 1) / ((period["date_to"] - period["date_from"]).days + 1)
    return {"date_from": begin, "date_to": end, "intervals": period["intervals"] * share}


class MeterGroup(NamedTuple):
    """Meters that an included volume is for, and what is to be billed of them."""

    term: object
    meters: object
    lines: object  # the usage lines that exist and are not corrected
    periods: list  # those that no line bills, as of cut_period
    days: dict  # of each meter, the first and the last day (or None) on the contract

    def get_meter(self):
        """The meter of the usage lines: none when several share."""
        return self.meters.browse() if self.term.is_shared else self.meters

    def get_spans(self):
        """What has to be read: see ``service.meter._read_spans``."""
        spans = [self.meters._get_spans(period, self.days) for period in self.periods]
        spans += [line.meter_ids._get_spans(line._get_period(), self.days) for line in self.lines]
        return {span for group in spans for span in group.values()}
