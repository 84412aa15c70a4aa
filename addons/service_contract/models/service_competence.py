from odoo import api, fields, models


class ServiceCompetence(models.Model):
    """A family of competences: what a job needs and what a contract promises."""

    _name = "service.competence"
    _description = "Competence"
    _parent_store = True
    _order = "name, id"
    _rec_names_search = ["name", "code"]

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    active = fields.Boolean(default=True)
    parent_id = fields.Many2one(
        "service.competence",
        string="Parent Family",
        index="btree_not_null",
        ondelete="restrict",
        help="Coverage of a family holds for the families below it.",
    )
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("service.competence", "parent_id", string="Families Below")

    _code_uniq = models.Constraint("unique(code)", "Another competence has this code.")

    @api.depends("name", "parent_id")
    def _compute_display_name(self):
        for competence in self:
            names = []
            family = competence
            while family:
                names.append(family.name or "")
                family = family.parent_id
            competence.display_name = " / ".join(reversed(names))
