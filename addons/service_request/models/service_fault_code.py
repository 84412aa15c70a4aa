from odoo import api, fields, models


class ServiceFaultCode(models.Model):
    """A word of the catalogue of faults (SAP: object part, damage, cause, task)."""

    _name = "service.fault.code"
    _description = "Fault Code"
    _order = "kind, code"
    _rec_names_search = ["code", "name"]

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    kind = fields.Selection(
        [
            ("category", "Category"),
            ("symptom", "Symptom"),
            ("cause", "Cause"),
            ("remedy", "Remedy"),
        ],
        required=True,
        default="symptom",
        index=True,
    )
    active = fields.Boolean(default=True)
    product_category_id = fields.Many2one(
        "product.category",
        index="btree_not_null",
        help="Proposed for machines of this category and of those below it; empty: for all.",
    )

    _code_kind_uniq = models.Constraint(
        "unique(kind, code)", "Another fault code of this kind has this code."
    )

    @api.depends("code", "name")
    def _compute_display_name(self):
        for fault in self:
            fault.display_name = f"{fault.code} {fault.name or ''}".strip()
