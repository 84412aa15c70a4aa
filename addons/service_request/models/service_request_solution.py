from odoo import api, fields, models
from odoo.tools import SQL

SUGGESTED = 3


class ServiceRequest(models.Model):
    """What is known about the problem already, and what is learned from it."""

    _inherit = "service.request"

    solution_id = fields.Many2one(
        "service.solution", index="btree_not_null", copy=False, tracking=True
    )
    suggested_solution_ids = fields.Many2many(
        "service.solution", string="Suggested Solutions", compute="_compute_suggestions"
    )
    similar_request_ids = fields.Many2many(
        "service.request", string="Similar Solved Requests", compute="_compute_suggestions"
    )

    _title_words_idx = models.Index(
        "USING gin (to_tsvector('simple', title)) WHERE state = 'closed'"
    )

    @api.depends("title", "state", "solution_id")
    def _compute_suggestions(self):
        # only one request is looked at in a form; lists do not show this
        for request in self:
            asking = request.title and request.state in (False, "open") and not request.solution_id
            title = request.title if asking else ""
            request.suggested_solution_ids = self.env["service.solution"]._suggest(title, SUGGESTED)
            request.similar_request_ids = request._search_solved(title, SUGGESTED)

    @api.model
    def _search_solved(self, title, limit):
        """Closed requests with all the long words of a title, the last ones first."""
        words = [word for word in (title or "").lower().split() if len(word) > 3]
        terms = ["".join(filter(str.isalnum, word)) for word in words]
        if not any(terms):
            return self.browse()
        query = self._search([("state", "=", "closed"), ("id", "!=", self._origin.id)])
        query.add_where(
            SQL(
                "to_tsvector('simple', service_request.title) @@ to_tsquery('simple', %s)",
                " & ".join(f"{term}:*" for term in terms if term),
            )
        )
        query.order = SQL("service_request.id DESC")
        query.limit = limit
        return self.browse(row[0] for row in self.env.execute_query(query.select()))

    def action_search_solutions(self):
        """Open the search of solutions, prefilled with what this request says.

        :return: window action on ``service.solution.search``
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Search Solutions"),
            "res_model": "service.solution.search",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_request_id": self.id,
                "default_problem_words": self.title,
            },
        }

    def action_create_solution(self):
        """Open a new solution, prefilled with what this request tells.

        :return: window action on ``service.solution``
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Solution"),
            "res_model": "service.solution",
            "view_mode": "form",
            "context": {
                f"default_{name}": value for name, value in self._prepare_solution_values().items()
            },
        }

    def _prepare_solution_values(self):
        """Values of a solution out of this request; the report of a visit adds what was done."""
        self.ensure_one()
        return {
            "title": self.title,
            "problem": self.description or "",
            "competence_id": self._get_competence().id,
            "request_id": self.id,
        }

    def _use_solution(self, solution):
        """Remember which solution helped, and count it once for each request."""
        fresh = self.filtered(lambda r: r.solution_id != solution)
        fresh.solution_id = solution
        # everybody who solves requests counts, whoever may edit solutions
        solution.sudo().use_count += len(fresh)
