"""Why a line covers, or does not: codes with their arguments, pure data.

A reason is a pair of a code of ``coverage_sentences.SENTENCES`` and its arguments, which JSON can
keep; ``coverage_sentences`` puts it into words, in the language of whoever reads.
"""


def refuse(code, line, subject, date):
    """Why ``line`` was not used on a day, for a code of ``coverage_rules.REJECTIONS``."""
    contract = line["name"]
    if code == "state":
        return _refuse_state(line, date)
    if code == "not_started" and not line["date_start"]:
        return "undated", {"contract": contract}
    if code == "competence" and not subject["competence_id"]:
        return "no_competence", {"contract": contract}
    if code == "points" and not line["points_per_request"]:
        return "no_points", {"contract": contract}
    arguments = {
        "not_started": lambda: {"start": day(line["date_start"])},
        "expired": lambda: {"end": day(line["date_end"])},
        "competence": lambda: {"competence": subject["competence_id"]},
        "request_limit": lambda: {"limit": line["request_limit"]},
        "hour_limit": lambda: {"hours": line["hour_limit"]},
        "amount_limit": lambda: {"amount": line["amount_limit"]},
        "meter_limit": lambda: {
            "meter_type": line["meter_type_id"],
            "reading": subject["meters"][line["meter_type_id"]],
            "amount": line["meter_limit"],
        },
        "points": lambda: {
            "balance": count_points_left(line, subject),
            "needed": line["points_per_request"],
        },
    }.get(code, dict)()
    if code in ("blocked_customer", "over_credit"):
        arguments = {"customer": subject["customer"], "why": subject["block_reason"] or ""}
    return code, {"contract": contract, **arguments}


def count_points_left(line, subject):
    """The points of a line's contract that others, who ask at the same time, leave a subject."""
    return line["points_balance"] - subject["spent"].get(line["contract_id"], 0.0)


def _refuse_state(line, date):
    arguments = {"contract": line["name"]}
    if line["termination_date"] and date >= line["termination_date"]:
        arguments["since"] = day(line["termination_date"])
        if not line["termination_reason"]:
            return "terminated", arguments
        return "terminated_why", {**arguments, "why": line["termination_reason"]}
    suspension = find_suspension(line, date)
    if suspension:
        since, _end, why = suspension
        return "suspended", {**arguments, "since": day(since), "why": why}
    return "draft", arguments


def find_suspension(line, date):
    """The suspension (first day, last day or None, reason) of a line's contract on a day."""
    for suspension in line["suspensions"]:
        start, end, _why = suspension
        if start <= date and (not end or date <= end):
            return suspension
    return None


def cover(status, line):
    """What ``line`` covers."""
    arguments = {"contract": line["name"], "kind": line["kind"]}
    if status == "full" and line["kind"] == "points":
        balance, needed = line["points_balance"], line["points_per_request"]
        return "by_points", {"contract": line["name"], "balance": balance, "needed": needed}
    if status == "full" and line["date_end"]:
        return "full_until", {**arguments, "end": day(line["date_end"])}
    if status == "full":
        return "full", arguments
    if status == "none":
        return "at_zero", arguments
    rates = {name: line[f"{name}_rate"] for name in ("parts", "labor", "travel")}
    return "partial", {**arguments, **rates}


def prefer(merit, line, other):
    """Why ``line`` was chosen before ``other``."""
    if other["contract_id"] == line["contract_id"]:
        return "chosen_before_twin", {"merit": merit}
    return "chosen", {"other": other["name"], "merit": merit}


def defeat(merit, line, winner):
    """Why ``line`` was not chosen although it applies."""
    if line["contract_id"] == winner["contract_id"]:
        return "twin_not_chosen", {"contract": winner["name"], "merit": merit}
    return "not_chosen", {"contract": winner["name"], "other": line["name"], "merit": merit}


def nothing(subject, refusal):
    """Why nothing covers ``subject``: the refusal that came closest, or no contract at all."""
    if refusal:
        return "not_covered", {"because": refusal}
    if not subject["partner_id"]:
        return "no_customer", {}
    return "no_contract", {"customer": subject["customer"]}


def day(value):
    """A day as JSON keeps it."""
    return value.isoformat() if value else False
