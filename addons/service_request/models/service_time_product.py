from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ServiceTimeProduct(models.Model):
    """What time consumes (X3: HOROITM): the most specific rule that fits wins."""

    _name = "service.time.product"
    _description = "Time Product"
    _check_company_auto = True
    _order = "sequence, id"
    _rec_name = "product_id"

    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Leave empty to use it in all companies."
    )
    consumed_by = fields.Selection(
        [
            ("request", "Clock of a Request"),
            ("work", "Work of an Intervention"),
            ("travel", "Travel of an Intervention"),
        ],
        string="Consumed by",
        required=True,
        default="request",
        help="Whose time it is. What a clock of an intervention measured is consumed when the "
        "intervention ends, unless somebody entered it; without a line here nothing is.",
    )
    product_id = fields.Many2one(
        "product.product",
        required=True,
        check_company=True,
        ondelete="restrict",
        domain="""[
            ("service_consumption_kind", "=", consumed_by == "travel" and "travel" or "labor"),
        ]""",
        help="Labour or travel sold by time; one that is sold by another unit counts once.",
    )
    competence_id = fields.Many2one(
        "service.competence", help="Only for this competence and those below it."
    )
    queue_id = fields.Many2one("service.queue", help="Only for this queue.")
    agency_id = fields.Many2one("service.agency", help="Only for this agency.")

    _criteria_uniq = models.UniqueIndex(
        "(consumed_by, COALESCE(company_id, 0), COALESCE(competence_id, 0), "
        "COALESCE(queue_id, 0), COALESCE(agency_id, 0)) WHERE active",
        "There is a line for this time with the same criteria: change that one.",
    )

    @api.constrains("consumed_by", "product_id")
    def _check_product(self):
        for rule in self:
            wanted = "travel" if rule.consumed_by == "travel" else "labor"
            if rule.product_id.service_consumption_kind != wanted:
                kinds = self.env["product.template"]._fields["service_consumption_kind"]
                raise ValidationError(
                    self.env._(
                        "%(product)s cannot be consumed as « %(kind)s »: choose another product, "
                        "or change on its form how it is consumed.",
                        product=rule.product_id.display_name,
                        kind=dict(kinds._description_selection(self.env))[wanted],
                    )
                )

    @api.model
    def _get_products(self, requests, consumed_by="request"):
        """What time spent for each request consumes.

        More criteria win over fewer, the nearer competence over its family, then the order.

        :param consumed_by: whose time it is, one of the choices of the field
        :return: ``{service.request: product.product}``, empty products where no rule fits
        """
        rules = self.search(
            [
                ("consumed_by", "=", consumed_by),
                ("company_id", "in", [False, *requests.company_id.ids]),
            ]
        )
        products = {}
        for request in requests:
            fitting = rules.filtered(lambda rule, r=request: rule._fits(r))
            lineage = request._get_competence()._lineage().ids
            best = min(
                fitting, key=lambda rule, path=lineage: rule._get_rank(path), default=self.browse()
            )
            products[request] = best.product_id
        return products

    def _fits(self, request):
        self.ensure_one()
        return (
            self.company_id in (self.company_id.browse(), request.company_id)
            and self.queue_id in (self.queue_id.browse(), request.queue_id)
            and self.agency_id in (self.agency_id.browse(), request.agency_id)
            and (
                not self.competence_id or self.competence_id in request._get_competence()._lineage()
            )
        )

    def _get_rank(self, lineage):
        self.ensure_one()
        criteria = sum(map(bool, (self.competence_id, self.queue_id, self.agency_id)))
        distance = lineage.index(self.competence_id.id) if self.competence_id else 0
        return (-criteria, distance, not self.company_id, self.sequence, self.id)
