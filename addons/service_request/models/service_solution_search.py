import re

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL, remove_accents

# of words in the solution, in keywords, in the problem, in the title
WEIGHTS = [0.3, 0.8, 0.5, 1.0]
LABELS = {"title": "A", "problem": "B", "keyword": "C", "solution": "D"}
MANY_WORDS = 12
MOST_RANKED = 1000
VECTOR = SQL("service_solution.search_vector")
MERIT = SQL("(coalesce(service_solution.use_count, 0) + coalesce(service_solution.helpful, 0))")
ALIKE = "0.4"  # « boler » is alike « boiler »
# in problems of every kind: they tell none from another
EVERYDAY = {"broken", "defaut", "fait", "marche", "panne", "plus", "probleme", "problem", "work"}


class ServiceSolution(models.Model):
    """Finds solutions by their words: French and English stems, and typing errors forgiven."""

    _inherit = "service.solution"

    def init(self):
        """The words of each solution, stored as PostgreSQL searches them."""
        vectors = {
            language: SQL(" || ").join(
                SQL(
                    "setweight(to_tsvector(%s::regconfig, coalesce(%s, '')), %s)",
                    language,
                    SQL.identifier(f"{part}_words"),
                    label,
                )
                for part, label in LABELS.items()
            )
            for language in ("french", "english")
        }
        self.env.cr.execute(
            SQL(
                """
                ALTER TABLE service_solution
                  ADD COLUMN IF NOT EXISTS search_vector tsvector
                      GENERATED ALWAYS AS (
                          CASE language WHEN 'french' THEN %s ELSE %s END
                      ) STORED
                """,
                vectors["french"],
                vectors["english"],
            )
        )
        self.env.cr.execute(
            "CREATE INDEX IF NOT EXISTS service_solution_search_vector_idx"
            " ON service_solution USING gin (search_vector)"
        )
        if self.env.registry.has_trigram:
            self.env.cr.execute(
                "CREATE INDEX IF NOT EXISTS service_solution_words_trigram_idx"
                " ON service_solution USING gin"
                " ((title_words || ' ' || keyword_words) gin_trgm_ops)"
            )

    @api.model
    def _search_text(self, query, limit=20):
        """Published solutions that have to do with a text, the best first.

        Those with all the words come first, then those with any of them, then those with words
        that look alike.

        :param query: words in French or English, with or without accents and typing errors
        :param limit: how many at most
        :return: service.solution that the user may read, in the order of their rank
        """
        words = _get_words(query)
        return self._search_criteria([(words, "ABCD")], limit) if words else self.browse()

    @api.model
    def _search_criteria(self, criteria, limit, domain=None):
        """Published solutions that meet several criteria at once, the best first.

        :param criteria: list of (words, labels of the parts where they are looked for)
        :param limit: how many at most
        :param domain: further condition
        """
        domain = Domain("state", "=", "published") & Domain(domain or Domain.TRUE)
        found = self.browse()
        for operator in ("&", "|"):
            if len(found) < limit:
                found |= self.browse(self._match(criteria, operator, limit, domain))
        words, labels = criteria[0]
        if len(found) < limit and len(criteria) == 1 and "A" in labels:
            found |= self.browse(self._match_alike(words, limit, domain))
        return found[:limit]

    @api.model
    def _suggest(self, text, limit):
        """Published solutions that have to do with what somebody types, the best first.

        Those with all the words come first, then those with half of them. What has less in common
        has that by chance: nothing is better than something irrelevant.

        :param text: what is asked, in words; those that say nothing do not count
        :param limit: how many at most
        """
        words = _get_telling_words(text)
        found = self.browse()
        for operator in ("&", "|") if words else ():
            if len(found) < limit:
                found |= self.browse(self._match_half(words, operator, limit))
        return found[:limit]

    @api.model
    def _match_half(self, words, operator, limit):
        """Ids of solutions with half of the words, looked for among those with all or any.

        :param words: as PostgreSQL reads them, ``:*`` for those with a certain beginning
        """
        enough = SQL(
            """(
                SELECT 2 * count(*) FILTER (WHERE %s @@ word.query) >= count(*)
                  FROM (SELECT to_tsquery(service_solution.language::regconfig, said) AS query
                          FROM unnest(%s) AS said) AS word
                 WHERE numnode(word.query) > 0
            )""",
            VECTOR,
            words,
        )
        query = SQL(
            "(to_tsquery('french', %(words)s) || to_tsquery('english', %(words)s))",
            words=f" {operator} ".join(words),
        )
        found = SQL("%s @@ %s", VECTOR, query)
        rank = SQL("ts_rank(%s::float4[], %s, %s)", WEIGHTS, VECTOR, query)
        published = Domain("state", "=", "published")
        return self._get_ids(found, enough, rank, limit, published, most_used=False)

    @api.model
    def _match(self, criteria, operator, limit, domain):
        """Ids of the solutions with all (``&``) or any (``|``) of the words of each criterion."""
        anywhere = [_get_tsquery(words, operator) for words, _labels in criteria]
        there = [_get_tsquery(words, operator, labels) for words, labels in criteria]
        return self._get_ids(
            SQL(" AND ").join(SQL("%s @@ %s", VECTOR, query) for query in anywhere),
            SQL(" AND ").join(SQL("%s @@ %s", VECTOR, query) for query in there),
            SQL(" + ").join(
                SQL("ts_rank(%s::float4[], %s, %s)", WEIGHTS, VECTOR, query) for query in there
            ),
            limit,
            domain,
            # any of many words stands in nearly all of them
            most_used=operator == "&",
        )

    @api.model
    def _match_alike(self, words, limit, domain):
        """Ids of the solutions whose title or keywords have words that look like these."""
        words = [word for word in words if len(word) > 3]
        if not words or not self.env.registry.has_trigram:
            return []
        self.env.cr.execute(
            "SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)", [ALIKE]
        )
        text = SQL("(service_solution.title_words || ' ' || service_solution.keyword_words)")
        alike = SQL("(%s)", SQL(" OR ").join(SQL("%s <%% %s", word, text) for word in words))
        return self._get_ids(
            alike,
            alike,
            SQL(" + ").join(SQL("word_similarity(%s, %s)", word, text) for word in words),
            limit,
            domain,
        )

    @api.model
    def _get_ids(self, broad, condition, rank, limit, domain, most_used=True):
        """Ids of the best of the solutions that meet a condition.

        Everyday words are in most solutions, and looking into each of those would take seconds:
        the index finds those of the broad condition, and some of them are looked at.

        :param broad: condition that an index answers alone
        :param condition: what holds for the solutions that are returned, a part of the broad one
        :param rank: number that is greater for the better
        :param most_used: look at the most used ones, which costs finding all; else at any
        """
        self.flush_model()
        query = self._search(domain)
        query.add_where(broad)
        query.order = SQL("%s DESC, service_solution.id DESC", MERIT) if most_used else None
        query.limit = MOST_RANKED
        rows = self.env.execute_query(
            SQL(
                """
                SELECT service_solution.id
                  FROM service_solution
                 WHERE service_solution.id IN %s AND %s
              ORDER BY (%s) * (1 + ln(1 + %s) / 20) DESC, service_solution.id DESC
                 LIMIT %s
                """,
                query.subselect(),
                condition,
                rank,
                MERIT,
                limit,
            )
        )
        return [solution_id for (solution_id,) in rows]


def _get_tsquery(words, operator, labels=""):
    """All (``&``) or any (``|``) of the words, the last one as far as it is typed.

    :param labels: parts where they are looked for; empty: anywhere, which the index alone answers
    """
    return SQL(
        "(to_tsquery('french', %(words)s) || to_tsquery('english', %(words)s))",
        words=f" {operator} ".join(
            f"{word}:*{labels}" if word == words[-1] else f"{word}:{labels}" if labels else word
            for word in words
        ),
    )


def _get_words(text):
    """The first words of a text, without accents."""
    return re.findall(r"\w+", remove_accents((text or "").lower()))[:MANY_WORDS]


def _get_telling_words(text):
    """The words of a text that tell its problem from others; long ones stand for their family."""
    words = _get_words(text)
    telling = [word for word in words if word not in EVERYDAY] or words
    return [f"{word}:*" if len(word) > 4 else word for word in telling]
