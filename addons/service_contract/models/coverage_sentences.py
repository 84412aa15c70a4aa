"""The words of the coverage engine: why a line won, and why the others did not."""

from functools import cache

from odoo.tools.misc import format_date, formatLang


class CoverageSentences:
    """Sentences in the language of an environment, looked up once for a call of the engine."""

    def __init__(self, env):
        self.env = env
        self._day = cache(lambda day: format_date(self.env, day) if day else "")
        self._number = cache(lambda value: formatLang(self.env, value, digits=2))
        self._kinds = dict(env["service.contract"]._fields["kind"]._description_selection(env))
        self._refusals = {
            "scope": self.env._("%(contract)s covers something else."),
            "state": self.env._("%(contract)s is a draft."),
            "suspended": self.env._("%(contract)s has been suspended since %(stopped)s."),
            "suspended_why": self.env._(
                "%(contract)s has been suspended since %(stopped)s: %(stop_reason)s"
            ),
            "terminated": self.env._("%(contract)s was terminated on %(stopped)s."),
            "terminated_why": self.env._(
                "%(contract)s was terminated on %(stopped)s: %(stop_reason)s"
            ),
            "not_started": self.env._("%(contract)s starts on %(start)s."),
            "undated": self.env._("%(contract)s has no start date."),
            "expired": self.env._("%(contract)s ended on %(end)s."),
            "site": self.env._("%(contract)s covers another site."),
            "competence": self.env._(
                "%(contract)s does not include the competence %(competence)s."
            ),
            "no_competence": self.env._(
                "%(contract)s covers certain competences and none is given."
            ),
            "component": self.env._("%(contract)s covers other components."),
            "excluded": self.env._("%(contract)s excludes this."),
            "request_limit": self.env._(
                "%(contract)s: all of its %(request_limit)s requests are used."
            ),
            "hour_limit": self.env._("%(contract)s: all of its %(hour_limit)s hours are used."),
            "amount_limit": self.env._("%(contract)s: its amount of %(amount_limit)s is used up."),
            "points": self.env._("%(contract)s: %(balance)s points left, %(needed)s needed."),
            "no_points": self.env._("%(contract)s: no points left."),
            "blocked_customer": self.env._("%(customer)s is blocked for service. %(block_reason)s"),
            "over_credit": self.env._("%(customer)s owes more than its credit limit."),
        }
        self._covers = {
            "full": self.env._("Covered in full by %(contract)s (%(kind)s)."),
            "full_until": self.env._("Covered in full by %(contract)s (%(kind)s) until %(end)s."),
            "points": self.env._(
                "Covered by points of %(contract)s: %(needed)s of %(balance)s points."
            ),
            "partial": self.env._(
                "Covered in part by %(contract)s (%(kind)s): parts %(parts)s %%, labour "
                "%(labor)s %%, travel %(travel)s %%."
            ),
            "none": self.env._("Not covered: %(contract)s (%(kind)s) applies, at 0 %%."),
        }
        self._merits = {
            "covers": self.env._("it covers more"),
            "kind": self.env._("a warranty comes before maintenance, and both before points"),
            "points": self.env._("the agency prefers points to partial cover"),
            "rates": self.env._("its rates are higher"),
            "scope": self.env._("it is the more specific coverage line"),
            "priority": self.env._("its contract has the higher priority"),
            "end": self.env._("it ends first"),
            "id": self.env._("it is the older one"),
        }
        self._chosen = self.env._("Chosen before %(other)s: %(merit)s.")
        self._not_chosen = self.env._("%(winner)s was chosen before %(other)s: %(merit)s.")
        self._twin = self.env._("another coverage line of the same contract")
        self._not_covered = self.env._("Not covered: %(why)s")
        self._no_contract = self.env._("Not covered: no contract of %(customer)s applies.")
        self._no_customer = self.env._("Not covered: no customer is given.")

    def refuse(self, code, line, subject):
        """Why ``line`` was not used, for a code of ``REJECTIONS``."""
        variant = self._variant(code, line, subject)
        return (self._refusals[variant] % self._values(line, subject)).strip()

    def cover(self, status, line, subject):
        """What ``line`` covers."""
        if status == "full" and line["kind"] == "points":
            status = "points"
        elif status == "full" and line["date_end"]:
            status = "full_until"
        return self._covers[status] % self._values(line, subject)

    def prefer(self, merit, line, other):
        """Why ``line`` was chosen before ``other``."""
        return self._chosen % {
            "other": self._other(other, line),
            "merit": self._merits[merit],
        }

    def defeat(self, merit, line, winner):
        """Why ``line`` was not chosen although it applies."""
        return self._not_chosen % {
            "winner": winner["name"],
            "other": self._other(line, winner),
            "merit": self._merits[merit],
        }

    def nothing(self, subject, refusal=None):
        """Why nothing covers ``subject``: the refusal that came closest, or no contract at all."""
        if refusal:
            return self._not_covered % {"why": refusal}
        if not subject["partner_id"]:
            return self._no_customer
        return self._no_contract % {"customer": subject["customer"]}

    def _other(self, line, than):
        return self._twin if line["contract_id"] == than["contract_id"] else line["name"]

    def _variant(self, code, line, subject):
        if code == "state" and line["state"] != "draft":
            return f"{line['state']}_why" if line[f"{_stop(line)}_reason"] else line["state"]
        if code == "not_started" and not line["date_start"]:
            return "undated"
        if code == "competence" and not subject["competence_id"]:
            return "no_competence"
        if code == "points" and not line["points_per_request"]:
            return "no_points"
        return code

    def _values(self, line, subject):
        stop = _stop(line)
        return {
            "contract": line["name"],
            "kind": self._kinds[line["kind"]],
            "start": self._day(line["date_start"]),
            "end": self._day(line["date_end"]),
            "stopped": self._day(line[f"{stop}_date"]),
            "stop_reason": line[f"{stop}_reason"] or "",
            "parts": self._number(line["parts_rate"]),
            "labor": self._number(line["labor_rate"]),
            "travel": self._number(line["travel_rate"]),
            "request_limit": line["request_limit"],
            "hour_limit": self._number(line["hour_limit"]),
            "amount_limit": self._number(line["amount_limit"]),
            "balance": self._number(line["points_balance"]),
            "needed": self._number(line["points_per_request"]),
            "competence": subject["competence"],
            "customer": subject["customer"],
            "block_reason": subject["block_reason"] or "",
        }


def _stop(line):
    """What stopped the contract of a line, as its fields are called."""
    return "suspension" if line["state"] == "suspended" else "termination"
