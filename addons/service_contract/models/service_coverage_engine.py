"""The coverage engine: what do the contracts cover on a day, for how much, and why.

:meth:`ServiceCoverageEngine._cover` reads the facts of all items and all coverage lines that may
concern them, in one query; the rules (``coverage_rules``) decide on what was read. The answer
depends on the data and the date only, and no item's answer depends on another item.
"""

from odoo import api, fields, models

from .coverage_rules import decide, index_lines
from .coverage_sentences import CoverageSentences


class ServiceCoverageEngine(models.AbstractModel):
    """What the contracts cover: ``self.env["service.contract"]._cover(items, date)``."""

    _name = "service.coverage.engine"
    _description = "Coverage Engine"

    @api.model
    def _cover(self, items, date):
        """Say what the contracts cover.

        Reads with the rights of the system: the answer holds ids and sentences, no prices.

        :param items: list of dicts of ids with the keys ``partner_id``, ``equipment_id``,
            ``component_product_id``, ``component_id``, ``competence_id``, ``site_id``, all optional
            (a machine gives its customer and site, a component its product and machine); further
            ``company_id`` and ``agency_id`` (default: the machine's, else the environment's company
            and the customer's agency), ``used_up``, ids of coverage lines whose last requests
            others asked for before, and ``spent``, ``{contract id: points}`` that others ask for
            before; other keys are for upper addons: they say who asks
        :param date: the day to judge
        :return: list of dicts, one for each item in its order: ``status`` (``full``, ``partial``,
            ``none``), ``coverage_id``, ``contract_id``, ``covered_by_id`` (ids or False), ``rates``
            (``parts``, ``labor``, ``travel`` in percent), ``points`` (flat), ``free_hours``,
            ``deductible``, ``remaining`` (``requests``, ``hours``, ``amount``; None: no limit),
            ``reason`` (a sentence) and ``rejected``, a list of dicts with ``contract_id``,
            ``coverage_id``, ``code`` (``coverage_rules.REJECTIONS``) and ``reason``. Each reason
            comes with its ``reason_code`` and ``reason_args``, plain values to be stored and said
            again by :meth:`_render_reasons` to readers of another language.
        """
        answers = self._judge(items, date)
        self._add_sentences(answers)
        return answers

    @api.model
    def _judge(self, items, date):
        """The answers of :meth:`_cover` without sentences, for who says them later."""
        if not items:
            return []
        date = fields.Date.to_date(date)
        subjects, lines = self._read_cover_facts(items)
        self._read_cover_usage(lines, date, items)
        self._read_cover_meters(subjects, lines, date)
        self._read_cover_debts(subjects)
        book = index_lines(lines)
        return [decide(subject, book, date) for subject in subjects]

    @api.model
    def _add_sentences(self, answers):
        """Say each reason of the answers in the language of the environment."""
        judgements = [part for answer in answers for part in (answer, *answer["rejected"])]
        sentences = self._render_reasons(
            [(part["reason_code"], part["reason_args"]) for part in judgements]
        )
        for part, sentence in zip(judgements, sentences, strict=True):
            part["reason"] = sentence

    @api.model
    def _render_reasons(self, reasons):
        """Put reasons into words, in the language of the environment.

        :param reasons: list of (``reason_code``, ``reason_args``) as :meth:`_cover` gave them, also
            when they were stored as JSON in between
        :return: list of sentences, in the same order; an empty one for an empty code
        """
        reasons = [(code, arguments or {}) for code, arguments in reasons]
        sentences = CoverageSentences(self.env, reasons)
        return [sentences.say(code, arguments) for code, arguments in reasons]

    @api.model
    def _coverage_usage(self, coverage_ids, period):
        """What has been used of the limits of coverage lines; upper addons add to it.

        :param coverage_ids: list of ids of service.contract.coverage
        :param period: ``{coverage id: (first day, last day or None)}``, the days that count
        :return: ``{coverage id: {"requests": int, "hours": float, "amount": float}}``
        """
        return {
            coverage_id: {"requests": 0, "hours": 0.0, "amount": 0.0}
            for coverage_id in coverage_ids
        }

    @api.model
    def _coverage_own_usage(self, coverage_ids, period, items):
        """What those who ask used themselves of the limits; upper addons add to it.

        :param items: items of ``_cover``
        :return: as of ``_coverage_usage``, lines of which nothing was used left out
        """
        return {}

    @api.model
    def _coverage_used_by_others(self, coverage_ids, period, items):
        """What has been used of the limits, apart from what those who ask used themselves."""
        usage = self._coverage_usage(coverage_ids, period)
        for coverage_id, own in self._coverage_own_usage(coverage_ids, period, items).items():
            for name, value in own.items():
                usage[coverage_id][name] -= value
        return usage

    @api.model
    def _coverage_reserved_points(self, contract_ids, items):
        """Points that those who ask hold already; upper addons add to it.

        :param contract_ids: list of ids of service.contract
        :param items: items of ``_cover``
        :return: ``{contract id: points}``
        """
        return {}
