from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import html2plaintext

LONG_DESCRIPTION = 235  # characters

FAULT_DOMAIN = (
    "[('kind', '=', '%s'), '|', ('product_category_id', '=', False), "
    "('product_category_id', 'parent_of', product_category_id)]"
)


class ServiceRequest(models.Model):
    """What the request is about, in words, tags and codes."""

    _inherit = "service.request"

    summary = fields.Text(help="The description in two lines, for those who read many requests.")
    is_summary_wanted = fields.Boolean(compute="_compute_is_summary_wanted")
    tag_ids = fields.Many2many(
        "service.tag", "service_request_tag_rel", "request_id", "tag_id", string="Tags"
    )
    product_category_id = fields.Many2one(
        related="equipment_id.product_id.categ_id", string="Category of the Machine"
    )
    category_id = fields.Many2one(
        "service.fault.code",
        index="btree_not_null",
        domain=FAULT_DOMAIN % "category",
        help="Which part of the machine, or which kind of question.",
    )
    symptom_id = fields.Many2one(
        "service.fault.code",
        index="btree_not_null",
        domain=FAULT_DOMAIN % "symptom",
        help="What the customer sees.",
    )
    cause_id = fields.Many2one(
        "service.fault.code",
        index="btree_not_null",
        domain=FAULT_DOMAIN % "cause",
        help="Why it happened.",
    )
    remedy_id = fields.Many2one(
        "service.fault.code",
        index="btree_not_null",
        domain=FAULT_DOMAIN % "remedy",
        help="What was done about it.",
    )

    @api.depends("description", "summary")
    def _compute_is_summary_wanted(self):
        for request in self:
            text = html2plaintext(request.description or "")
            request.is_summary_wanted = len(text) > LONG_DESCRIPTION and not request.summary

    @api.constrains("tag_ids")
    def _check_exclusive_axes(self):
        for request in self:
            for axis, tags in request.tag_ids.grouped("axis_id").items():
                if axis.exclusive and len(tags) > 1:
                    raise ValidationError(
                        self.env._(
                            "%(request)s can have only one tag of « %(axis)s »: keep one of "
                            "%(tags)s.",
                            request=request.name,
                            axis=axis.name,
                            tags=", ".join(tags.mapped("name")),
                        )
                    )

    @api.constrains("category_id", "symptom_id", "cause_id", "remedy_id")
    def _check_fault_kinds(self):
        kinds = dict(
            self.env["service.fault.code"]._fields["kind"]._description_selection(self.env)
        )
        for kind, label in kinds.items():
            for fault in self[f"{kind}_id"].filtered(lambda f, kind=kind: f.kind != kind):
                raise ValidationError(
                    self.env._(
                        "« %(fault)s » is no %(kind)s: choose a code of this kind.",
                        fault=fault.display_name,
                        kind=label,
                    )
                )
