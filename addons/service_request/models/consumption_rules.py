"""How much of what was consumed the coverage bears: pure functions, no database.

In this order: free hours, the rate of the kind, what remains of the limits, and the deductible once
per request.
"""


def share_out(lines):
    """Say what the coverage bears of each consumption.

    :param lines: list of dicts in the order in which they use up what is free: ``amount``
        (consumed), ``kind``, ``hours`` (0 for what is not measured in time), ``rate`` (percent
        borne), ``terms`` (dict, all optional: ``free_hours``, ``deductible``, ``hours`` and
        ``amount`` left of the limits), ``points_per_hour``, ``points_per_amount``, ``factor`` (what
        one unit of the promise's currency, which deductible and limit are in, is in that of the
        consumed amount), ``promise``, ``contract`` and ``request`` (keys: limits belong to a
        promise, free hours and deductible to a contract and a request)
    :return: list of dicts in the same order: ``amount`` borne, ``hours`` used of the hour limit,
        ``points``
    """
    purse = _Purse()
    return [_share(line, purse) for line in lines]


class _Purse:
    """What is left of each thing that may be used up."""

    def __init__(self):
        self.left = {}

    def get(self, key, limit):
        return self.left.setdefault(key, limit)

    def take(self, key, wanted, limit):
        """Take at most what is left; no limit (None) gives all."""
        left = self.get(key, limit)
        if left is None:
            return wanted
        taken = max(min(wanted, left), 0.0)
        self.left[key] = left - taken
        return taken


def _share(line, purse):
    terms, promise, factor = line["terms"], line["promise"], line["factor"]
    own = line["request"], line["contract"]
    share = line["rate"] / 100
    used_hours = points = 0.0
    if line["hours"]:
        hours_left = purse.get(("hours", promise), terms.get("hours"))
        possible = line["hours"] if hours_left is None else min(line["hours"], max(hours_left, 0.0))
        free = purse.take(("free", *own), possible, terms.get("free_hours", 0.0))
        rated = possible - free if share else 0.0
        used_hours = purse.take(("hours", promise), free + rated, terms.get("hours"))
        borne = line["amount"] / line["hours"] * (free + rated * share)
        points = rated * line["points_per_hour"]
    else:
        borne = line["amount"] * share
    # limit, deductible and points count in the currency of the promise
    borne = purse.take(("amount", promise), borne / factor, terms.get("amount"))
    borne -= purse.take(("deductible", *own), borne, terms.get("deductible", 0.0))
    if line["kind"] != "labor":
        points = borne * line["points_per_amount"]
    return {"amount": borne * factor, "hours": used_hours, "points": points}
