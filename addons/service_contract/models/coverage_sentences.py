"""The words of the coverage engine: what covers, and why nothing else does."""

from datetime import date

from odoo.tools import LazyTranslate
from odoo.tools.misc import format_date, formatLang

_lt = LazyTranslate(__name__)

SENTENCES = {
    # why a coverage line was not used
    "scope": _lt("%(contract)s covers something else."),
    "draft": _lt("%(contract)s is a draft."),
    "suspended": _lt("%(contract)s has been suspended since %(since)s: %(why)s"),
    "terminated": _lt("%(contract)s was terminated on %(since)s."),
    "terminated_why": _lt("%(contract)s was terminated on %(since)s: %(why)s"),
    "not_started": _lt("%(contract)s starts on %(start)s."),
    "undated": _lt("%(contract)s has no start date."),
    "expired": _lt("%(contract)s ended on %(end)s."),
    "site": _lt("%(contract)s covers another site."),
    "competence": _lt("%(contract)s does not include the competence %(competence)s."),
    "no_competence": _lt("%(contract)s covers certain competences and none is given."),
    "component": _lt("%(contract)s covers other components."),
    "excluded": _lt("%(contract)s excludes this."),
    "request_limit": _lt("%(contract)s: all of its %(limit)s requests are used."),
    "hour_limit": _lt("%(contract)s: all of its %(hours)s hours are used."),
    "amount_limit": _lt("%(contract)s: its amount of %(amount)s is used up."),
    "meter_limit": _lt(
        "%(contract)s covers until %(amount)s, and the meter « %(meter_type)s » has reached "
        "%(reading)s."
    ),
    "points": _lt("%(contract)s: %(balance)s points left, %(needed)s needed."),
    "no_points": _lt("%(contract)s: no points left."),
    "blocked_customer": _lt("%(customer)s is blocked for service. %(why)s"),
    "over_credit": _lt("%(customer)s owes more than its credit limit."),
    "not_chosen": _lt("%(contract)s was chosen before %(other)s: %(merit)s."),
    "twin_not_chosen": _lt(
        "%(contract)s was chosen before another coverage line of the same contract: %(merit)s."
    ),
    # what the winner covers
    "full": _lt("Covered in full by %(contract)s (%(kind)s)."),
    "full_until": _lt("Covered in full by %(contract)s (%(kind)s) until %(end)s."),
    "by_points": _lt("Covered by points of %(contract)s: %(needed)s of %(balance)s points."),
    "partial": _lt(
        "Covered in part by %(contract)s (%(kind)s): parts %(parts)s %%, labour %(labor)s %%, "
        "travel %(travel)s %%."
    ),
    "at_zero": _lt("Not covered: %(contract)s (%(kind)s) applies, at 0 %%."),
    "chosen": _lt("Chosen before %(other)s: %(merit)s."),
    "chosen_before_twin": _lt(
        "Chosen before another coverage line of the same contract: %(merit)s."
    ),
    # why nothing covers
    "not_covered": _lt("Not covered: %(because)s"),
    "no_contract": _lt("Not covered: no contract of %(customer)s applies."),
    "no_customer": _lt("Not covered: no customer is given."),
}
MERITS = {
    "covers": _lt("it covers more"),
    "kind": _lt("a warranty comes before maintenance, and both before points"),
    "points": _lt("the agency prefers points to partial cover"),
    "rates": _lt("its rates are higher"),
    "scope": _lt("it is the more specific coverage line"),
    "priority": _lt("its contract has the higher priority"),
    "end": _lt("it ends first"),
    "id": _lt("it is the older one"),
}
# Arguments that are ids: their names are looked up in the language of the reader.
RECORDS = {"competence": "service.competence", "meter_type": "service.meter.type"}
DAYS = ("start", "end", "since")
REASONS = ("because", "then")


class CoverageSentences:
    """Reasons put into words, in the language of an environment."""

    def __init__(self, env, reasons):
        """:param reasons: the (code, arguments) to be said later, read together"""
        self.env = env
        self._kinds = dict(env["service.contract"]._fields["kind"]._description_selection(env))
        self._texts, self._numbers, self._days = {}, {}, {}
        self._names = {name: self._read_names(name, reasons) for name in RECORDS}

    def say(self, code, arguments):
        """The sentence of a reason; an unknown or empty code says nothing."""
        if code not in SENTENCES:
            return ""
        if code not in self._texts:
            self._texts[code] = self._translate(SENTENCES[code])
        values = {name: self._word(name, value) for name, value in arguments.items()}
        sentence = (self._texts[code] % values).strip()
        return f"{sentence} {values['then']}" if "then" in values else sentence

    def _translate(self, sentence):
        return sentence._translate(self.env.lang or "en_US")

    def _word(self, name, value):
        if name in REASONS:
            return self.say(*value)
        if name in self._names:
            return self._names[name].get(value, "")
        if name == "kind":
            return self._kinds[value]
        if name == "merit":
            return self._translate(MERITS[value])
        if name in DAYS:
            return self._format_day(value)
        return self._format_number(value) if isinstance(value, float) else value

    def _format_day(self, value):
        if value not in self._days:
            self._days[value] = format_date(self.env, date.fromisoformat(value)) if value else ""
        return self._days[value]

    def _format_number(self, value):
        if value not in self._numbers:
            self._numbers[value] = formatLang(self.env, value, digits=2)
        return self._numbers[value]

    def _read_names(self, argument, reasons):
        """Names of the records that the reasons mention, in one query or none."""
        ids = set(_find_arguments(argument, reasons))
        if not ids:
            return {}
        model_sudo = self.env[RECORDS[argument]].sudo().with_context(active_test=False)
        return {
            record.id: record.name
            for record in model_sudo.search_fetch([("id", "in", list(ids))], ["name"])
        }


def _find_arguments(name, reasons):
    """Values of an argument in reasons, and in the reasons within them."""
    for _code, arguments in reasons:
        if name in arguments:
            yield arguments[name]
        inner = [arguments[key] for key in REASONS if key in arguments]
        if inner:
            yield from _find_arguments(name, inner)
