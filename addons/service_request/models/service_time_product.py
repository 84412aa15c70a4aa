from odoo import api, fields, models


class ServiceTimeProduct(models.Model):
    """Which labour a time log consumes (X3: HOROITM): the most specific rule that fits wins."""

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
    product_id = fields.Many2one(
        "product.product",
        required=True,
        check_company=True,
        ondelete="restrict",
        domain="[('service_consumption_kind', '=', 'labor')]",
        help="Labour sold by time.",
    )
    competence_id = fields.Many2one(
        "service.competence", help="Only for this competence and those below it."
    )
    queue_id = fields.Many2one("service.queue", help="Only for this queue.")
    agency_id = fields.Many2one("service.agency", help="Only for this agency.")

    @api.model
    def _get_products(self, requests):
        """The labour that time spent on each request consumes.

        More criteria win over fewer, the nearer competence over its family, then the order.

        :return: ``{service.request: product.product}``, empty products where no rule fits
        """
        rules = self.search([("company_id", "in", [False, *requests.company_id.ids])])
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
