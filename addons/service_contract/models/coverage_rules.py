"""The rules of coverage: pure functions, no database.

A *subject* is what is asked about, a row of ``SUBJECTS``; a *line* is a promise, a row of
``LINES``. A line is looked up by what it names, judged (a code of ``REJECTIONS`` or
nothing), and the best of those that remain is chosen. Why, is told by ``coverage_reasons``.
"""

from collections import defaultdict
from datetime import date as Date
from itertools import takewhile

from . import coverage_reasons as reasons

# In the order in which a line is judged: the later it fails, the closer it came to covering.
REJECTIONS = (
    "scope",
    "state",
    "not_started",
    "expired",
    "site",
    "competence",
    "component",
    "excluded",
    "request_limit",
    "hour_limit",
    "amount_limit",
    "meter_limit",
    "points",
    "blocked_customer",
    "over_credit",
    "less_favourable",
)
KINDS = ("warranty", "maintenance", "points")
# What is compared to choose between lines, in this order.
MERITS = ("covers", "kind", "rates", "scope", "priority", "end", "id")
TARGETS = {
    "equipment": "equipment_id",
    "product": "product_id",
    "category": "product_category_id",
}
RATES = ("parts", "labor", "travel")
# How many promises about something else are listed for one item, to keep answers short.
OTHERS_LISTED = 5


def decide(subject, book, date):
    """The answer for one subject, its reasons as data."""
    candidates = _find_candidates(subject, book)
    excluded = {
        line["contract_id"]
        for line, _nearness in candidates
        if line["is_exclusion"]
        and not refusal_of_life(line, date)
        and not _refusal_of_match(line, subject)
    }
    rivals, refused = [], []
    for line, nearness in candidates:
        if line["is_exclusion"]:
            continue
        code = _judge(line, subject, date, excluded)
        if code:
            refused.append((code, line, reasons.refuse(code, line, subject, date)))
        else:
            rivals.append((_merit(line, nearness), line))
    rivals.sort(key=lambda rival: rival[0])
    winner, merit = _choose(rivals, subject)
    if winner:
        losers = _losers(rivals, winner, merit)
        answer = _answer_with(winner, losers)
        refused += [
            ("less_favourable", line, reasons.defeat(why, line, winner)) for why, line in losers
        ]
    else:
        answer = _answer_without(subject, _find_closest(refused))
    refused += [
        ("scope", line, reasons.refuse("scope", line, subject, date))
        for line in _find_others(subject, book, candidates)
    ]
    answer["rejected"] = [
        {
            "contract_id": line["contract_id"],
            "coverage_id": line["id"],
            "code": code,
            "reason_code": reason[0],
            "reason_args": reason[1],
        }
        for code, line, reason in refused
    ]
    return answer


def _find_closest(refused):
    """The reason of the refusal that came closest to covering, None without any."""
    if not refused:
        return None
    return max(refused, key=lambda r: (*_closeness(r[0], r[2]), r[1]["date_end"] or Date.max))[2]


def _closeness(code, reason):
    """Sort key of a refusal: what is only suspended came closer than what is over."""
    suspended = reason[0] == "suspended"
    return REJECTIONS.index("expired" if suspended else code), suspended


def index_lines(lines):
    """Lines by (company, party, scope, target), and by (company, party), each in their order."""
    book = defaultdict(list)
    for line in sorted(lines, key=lambda line: line["id"]):
        target = line[TARGETS[line["scope"]]] if line["scope"] in TARGETS else False
        for party in line["party_ids"]:
            book[line["company_id"], party].append(line)
            book[line["company_id"], party, line["scope"], target].append(line)
    return book


def path_upwards(parent_path):
    """Ids of a parent_path, the record itself first."""
    return [int(part) for part in reversed((parent_path or "").split("/")) if part]


def _find_candidates(subject, book):
    """Lines that name the subject, each with how near it names it (smaller is nearer)."""
    wanted = [(("customer", False), (4, 0))]
    if subject["lineage"]:
        wanted += [
            (("equipment", machine), (min(depth, 1), depth))
            for depth, machine in enumerate(subject["lineage"])
        ]
        wanted.append((("product", subject["product_id"]), (2, 0)))
        wanted += [
            (("category", category), (3, depth))
            for depth, category in enumerate(subject["categories"])
        ]
    owner = (subject["company_id"], subject["partner_id"])
    return [
        (line, nearness) for target, nearness in wanted for line in book.get(owner + target, ())
    ]


def _find_others(subject, book, candidates):
    """The first lines of the customer that name something else."""
    named = {line["id"] for line, _nearness in candidates}
    others = [
        line
        for line in book.get((subject["company_id"], subject["partner_id"]), ())
        if line["id"] not in named and not line["is_exclusion"]
    ]
    return others[:OTHERS_LISTED]


def _judge(line, subject, date, excluded):
    """Code of the first thing that keeps the line from covering the subject, or None."""
    return (
        refusal_of_life(line, date)
        or _refusal_of_match(line, subject)
        or ("excluded" if line["contract_id"] in excluded else None)
        or _refusal_of_use(line, subject)
        or _refusal_of_customer(subject)
    )


def refusal_of_life(line, date):
    """Whether the contract is in force and the day within the line.

    What a contract was on a past day is read off its dates, not off the state it has reached since.
    """
    if line["state"] == "draft":
        return "state"
    if line["termination_date"] and date >= line["termination_date"]:
        return "state"
    if not line["date_start"] or date < line["date_start"]:
        return "not_started"
    if line["date_end"] and date > line["date_end"]:
        return "expired"
    if reasons.find_suspension(line, date):
        return "state"
    return None


def _refusal_of_match(line, subject):
    """Whether the line is for this site, competence and component."""
    if line["site_id"] and line["site_id"] != subject["site_id"]:
        return "site"
    if line["competence_ids"] and subject["competences"].isdisjoint(line["competence_ids"]):
        return "competence"
    if line["component_ids"] and subject["component_id"] not in line["component_ids"]:
        return "component"
    category = line["component_category_id"]
    if category and category not in subject["component_categories"]:
        return "component"
    return None


def _refusal_of_use(line, subject):
    """Whether limits or points are used up, or the meter has run too far."""
    if line["id"] in subject.get("used_up", ()):
        return "request_limit"
    remaining = _get_remaining(line)
    for name, code in (
        ("requests", "request_limit"),
        ("hours", "hour_limit"),
        ("amount", "amount_limit"),
    ):
        if remaining[name] is not None and remaining[name] <= 0:
            return code
    if (
        line["meter_limit"]
        and subject["meters"].get(line["meter_type_id"], 0) > line["meter_limit"]
    ):
        return "meter_limit"
    if costs_points(line) and not line["allow_overdraft"]:
        balance = reasons.count_points_left(line, subject)
        if balance <= 0 or balance < line["points_per_request"]:
            return "points"
    return None


def _refusal_of_customer(subject):
    """Whether the customer itself may be covered."""
    if subject["blocked"] and not subject["covers_blocked"]:
        return "blocked_customer"
    if subject["over_credit"]:
        return "over_credit"
    return None


def costs_points(line):
    """Whether what the line covers is paid by points."""
    return line["kind"] == "points" or any(
        line[name] for name in ("points_per_request", "points_per_hour", "points_per_amount")
    )


def _get_rates(line):
    """Covered percentages; what is paid by points costs no money at all."""
    if line["kind"] == "points":
        return dict.fromkeys(RATES, 100.0)
    return {name: line[f"{name}_rate"] for name in RATES}


def _get_remaining(line):
    """What is left of each limit, None without a limit."""
    used = line.get("used", {})
    return {
        name: line[limit] - used.get(name, 0) if line[limit] else None
        for name, limit in (
            ("requests", "request_limit"),
            ("hours", "hour_limit"),
            ("amount", "amount_limit"),
        )
    }


def _get_status(line):
    rates = _get_rates(line).values()
    if all(rate >= 100 for rate in rates):
        return "full"
    return "partial" if any(rates) else "none"


def _merit(line, nearness):
    """Sort key of a line that applies, smallest first; its parts are named by ``MERITS``."""
    narrowed = bool(line["component_ids"] or line["component_category_id"])
    return (
        _get_status(line) == "none",
        KINDS.index(line["kind"]),
        -sum(_get_rates(line).values()),
        (*nearness, not narrowed),
        -line["priority"],
        line["date_end"] or Date.max,
        line["id"],
    )


def _compare(key, other):
    """Name of the first merit in which two keys differ."""
    same = sum(
        1 for _pair in takewhile(lambda pair: pair[0] == pair[1], zip(key, other, strict=True))
    )
    return MERITS[same]


def _choose(rivals, subject):
    """The line that covers, with the merit that decided when it is not the sort order."""
    if not rivals:
        return None, None
    best = rivals[0][1]
    if subject["prefers_points"] and _get_status(best) == "partial":
        for _key, line in rivals:
            if line["kind"] == "points":
                return line, "points"
    return best, None


def _losers(rivals, winner, merit):
    """Pairs (why, line) of the lines that apply and were not chosen, best first."""
    winning_key = next(key for key, line in rivals if line is winner)
    return [
        (merit if merit and key < winning_key else _compare(winning_key, key), line)
        for key, line in rivals
        if line is not winner
    ]


def _answer_with(line, losers):
    status = _get_status(line)
    code, arguments = reasons.cover(status, line)
    if losers:
        merit, best_loser = losers[0]
        arguments["then"] = reasons.prefer(merit, line, best_loser)
    return {
        "status": status,
        "coverage_id": line["id"],
        "contract_id": line["contract_id"],
        "rates": _get_rates(line),
        "points": line["points_per_request"],
        "free_hours": line["free_hours"],
        "deductible": line["deductible"],
        "remaining": _get_remaining(line),
        "covered_by_id": line["covered_by_id"] or False,
        "reason_code": code,
        "reason_args": arguments,
    }


def _answer_without(subject, refusal):
    code, arguments = reasons.nothing(subject, refusal)
    return {
        "status": "none",
        "coverage_id": False,
        "contract_id": False,
        "rates": dict.fromkeys(RATES, 0.0),
        "points": 0.0,
        "free_hours": 0.0,
        "deductible": 0.0,
        "remaining": dict.fromkeys(("requests", "hours", "amount")),
        "covered_by_id": False,
        "reason_code": code,
        "reason_args": arguments,
    }
