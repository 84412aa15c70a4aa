from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from ..models.service_solution_search import _get_words

SHOWN = 20


class ServiceSolutionSearch(models.TransientModel):
    """Searches the knowledge base by everything that is known, all criteria together."""

    _name = "service.solution.search"
    _description = "Search Solutions"

    request_id = fields.Many2one("service.request", ondelete="cascade")
    problem_words = fields.Char(string="Words of the Problem")
    solution_words = fields.Char(string="Words of the Solution")
    keyword_words = fields.Char(string="Keywords")
    competence_ids = fields.Many2many("service.competence", string="Competences")
    author_ids = fields.Many2many("res.users", string="Authors")
    date_from = fields.Date(string="Written from")
    date_to = fields.Date(string="Written until")
    line_ids = fields.One2many(
        "service.solution.search.line",
        "wizard_id",
        string="Found",
        compute="_compute_line_ids",
        store=True,
    )
    solution_id = fields.Many2one(
        "service.solution", string="Shown", compute="_compute_solution_id", store=True
    )
    shown_problem = fields.Html(related="solution_id.problem", string="Problem")
    shown_solution = fields.Html(related="solution_id.solution", string="Solution")

    @api.depends(
        "problem_words",
        "solution_words",
        "keyword_words",
        "competence_ids",
        "author_ids",
        "date_from",
        "date_to",
    )
    def _compute_line_ids(self):
        for wizard in self:
            wizard.line_ids = [
                Command.clear(),
                *(
                    Command.create({"solution_id": solution.id, "sequence": rank})
                    for rank, solution in enumerate(wizard._find_solutions())
                ),
            ]

    def _find_solutions(self):
        """What meets all the criteria; the most used ones where no words are given."""
        criteria = [
            (_get_words(text), labels)
            for text, labels in (
                (self.problem_words, "AB"),
                (self.solution_words, "D"),
                (self.keyword_words, "C"),
            )
            if _get_words(text)
        ]
        solutions = self.env["service.solution"]
        domain = self._get_domain()
        if criteria:
            return solutions._search_criteria(criteria, SHOWN, domain)
        published = Domain("state", "=", "published")
        return solutions.search(published & domain, limit=SHOWN, order="use_count desc, id desc")

    def _get_domain(self):
        domain = Domain.TRUE
        if self.competence_ids:
            domain &= Domain("competence_id", "child_of", self.competence_ids.ids)
        if self.author_ids:
            domain &= Domain("author_id", "in", self.author_ids.ids)
        if self.date_from:
            domain &= Domain("create_date", ">=", self.date_from)
        if self.date_to:
            domain &= Domain("create_date", "<", fields.Date.add(self.date_to, days=1))
        return domain

    @api.depends("line_ids")
    def _compute_solution_id(self):
        for wizard in self:
            wizard.solution_id = wizard.line_ids[:1].solution_id

    def action_use(self):
        """Use the shown solution for the request.

        :raise UserError: when none was found, or there is no request
        """
        if not self.solution_id or not self.request_id:
            raise UserError(
                self.env._("Search from a request and choose a solution before you use it.")
            )
        self.request_id._use_solution(self.solution_id)
        return {"type": "ir.actions.act_window_close"}


class ServiceSolutionSearchLine(models.TransientModel):
    """A solution that was found; the first one is the best."""

    _name = "service.solution.search.line"
    _description = "Found Solution"
    _order = "sequence, id"

    wizard_id = fields.Many2one(
        "service.solution.search", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer()
    solution_id = fields.Many2one("service.solution", required=True, ondelete="cascade")
    author_id = fields.Many2one(related="solution_id.author_id")
    use_count = fields.Integer(related="solution_id.use_count")

    def action_show(self):
        """Show the whole text of this solution beside the list."""
        self.ensure_one()
        self.wizard_id.solution_id = self.solution_id
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Search Solutions"),
            "res_model": "service.solution.search",
            "res_id": self.wizard_id.id,
            "view_mode": "form",
            "target": "new",
        }
