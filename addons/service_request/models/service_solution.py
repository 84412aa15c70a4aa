from odoo import api, fields, models
from odoo.tools import html2plaintext, remove_accents

STATES = [("draft", "Draft"), ("published", "Published")]
LANGUAGES = [("french", "French"), ("english", "English")]


class ServiceSolution(models.Model):
    """How a problem was solved, so that the next one need not find out again."""

    _name = "service.solution"
    _description = "Solution"
    _inherit = ["mail.thread"]
    _order = "id desc"
    _rec_name = "title"

    title = fields.Char(required=True, tracking=True)
    problem = fields.Html(help="What the customer saw.")
    solution = fields.Html(help="What was done about it.")
    keyword_ids = fields.Many2many("service.solution.keyword", string="Keywords")
    category_id = fields.Many2one("service.solution.category", index="btree_not_null")
    competence_id = fields.Many2one("service.competence", index="btree_not_null")
    author_id = fields.Many2one(
        "res.users", required=True, index=True, default=lambda self: self.env.user
    )
    language = fields.Selection(
        LANGUAGES,
        compute="_compute_language",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        help="Words are compared by their stem in this language.",
    )
    request_id = fields.Many2one(
        "service.request", string="First Solved", index="btree_not_null", copy=False
    )
    related_ids = fields.Many2many(
        "service.solution",
        "service_solution_related_rel",
        "solution_id",
        "related_id",
        string="Related Solutions",
    )
    state = fields.Selection(STATES, required=True, default="draft", index=True, tracking=True)
    active = fields.Boolean(default=True)
    use_count = fields.Integer(
        string="Used", readonly=True, copy=False, help="Requests that it solved."
    )
    helpful_user_ids = fields.Many2many(
        "res.users", "service_solution_helpful_rel", string="Helped", readonly=True, copy=False
    )
    helpful = fields.Integer(
        compute="_compute_helpful", store=True, help="How many colleagues said that it helped."
    )

    # What the search reads: plain words without accents
    title_words = fields.Text(compute="_compute_words", store=True, export_string_translation=False)
    keyword_words = fields.Text(
        compute="_compute_words", store=True, export_string_translation=False
    )
    problem_words = fields.Text(
        compute="_compute_words", store=True, export_string_translation=False
    )
    solution_words = fields.Text(
        compute="_compute_words", store=True, export_string_translation=False
    )

    @api.depends("author_id")
    def _compute_language(self):
        for solution in self:
            is_french = (solution.author_id.lang or "").startswith("fr")
            solution.language = "french" if is_french else "english"

    @api.depends("title", "keyword_ids.name", "problem", "solution")
    def _compute_words(self):
        for solution in self:
            keywords = " ".join(solution.keyword_ids.mapped("name"))
            solution.title_words = remove_accents((solution.title or "").lower())
            solution.keyword_words = remove_accents(keywords.lower())
            for name in ("problem", "solution"):
                text = html2plaintext(solution[name] or "")
                solution[f"{name}_words"] = remove_accents(text.lower())

    @api.depends("helpful_user_ids")
    def _compute_helpful(self):
        for solution in self:
            solution.helpful = len(solution.helpful_user_ids)

    def action_publish(self):
        """Let everybody find these solutions."""
        self.state = "published"
        return True

    def action_withdraw(self):
        """Take these solutions back to draft: nobody finds them any more."""
        self.state = "draft"
        return True

    def action_mark_helpful(self):
        """Say that these solutions helped me; they are found before others."""
        self.check_access("read")
        self.sudo().helpful_user_ids += self.env.user  # readers vote too
        return True

    def action_view_requests(self):
        """Open the requests that this solution solved."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "service_request.service_request_action"
        )
        return {**action, "domain": [("solution_id", "=", self.id)], "context": {}}
