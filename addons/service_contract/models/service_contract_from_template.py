from odoo import api, fields, models
from odoo.fields import Command

TERMS = (
    "kind",
    "start_on",
    "renewal",
    "notice_days",
    "resource_calendar_id",
    "product_id",
    "currency_id",
    "price",
    "index_id",
    "invoice_interval",
    "invoice_interval_unit",
    "invoice_on_calendar",
    "invoice_timing",
    "terms",
)
FROM_TEMPLATE = {
    "compute": "_compute_terms",
    "store": True,
    "readonly": False,
    "precompute": True,
    "default": None,
}


class ServiceContract(models.Model):
    """What a contract takes over from its template, and keeps as its own."""

    _inherit = "service.contract"

    kind = fields.Selection(**FROM_TEMPLATE, tracking=True, index=True)
    start_on = fields.Selection(**FROM_TEMPLATE)
    renewal = fields.Selection(**FROM_TEMPLATE)
    notice_days = fields.Integer(**FROM_TEMPLATE)
    resource_calendar_id = fields.Many2one(**FROM_TEMPLATE)
    product_id = fields.Many2one(**FROM_TEMPLATE)
    currency_id = fields.Many2one(**FROM_TEMPLATE)
    price = fields.Monetary(**FROM_TEMPLATE, tracking=True)
    index_id = fields.Many2one(**FROM_TEMPLATE, index="btree_not_null")
    invoice_interval = fields.Integer(**FROM_TEMPLATE)
    invoice_interval_unit = fields.Selection(**FROM_TEMPLATE)
    invoice_on_calendar = fields.Boolean(**FROM_TEMPLATE)
    invoice_timing = fields.Selection(**FROM_TEMPLATE)
    terms = fields.Html(**FROM_TEMPLATE)
    coverage_ids = fields.One2many(
        "service.contract.coverage",
        "contract_id",
        string="Promises",
        compute="_compute_coverage_ids",
        store=True,
        readonly=False,
        precompute=True,
        copy=True,
    )
    commitment_ids = fields.One2many(
        "service.contract.commitment",
        "contract_id",
        string="Commitments",
        compute="_compute_commitment_ids",
        store=True,
        readonly=False,
        precompute=True,
        copy=True,
    )
    meter_term_ids = fields.One2many(
        "service.contract.meter.term",
        "contract_id",
        string="Meter Terms",
        compute="_compute_meter_term_ids",
        store=True,
        readonly=False,
        precompute=True,
        copy=True,
    )
    points_initial = fields.Float(
        string="Points Granted",
        compute="_compute_points_initial",
        store=True,
        readonly=False,
        precompute=True,
        help="Granted when the contract becomes active.",
    )

    @api.depends("template_id")
    def _compute_terms(self):
        plain = self.env["service.contract.template"].default_get(TERMS)
        for contract in self:
            template = contract.template_id
            for name in TERMS:
                contract[name] = (
                    template[name] if template else contract[name] or plain.get(name, False)
                )

    @api.depends("template_id")
    def _compute_points_initial(self):
        for contract in self:
            contract.points_initial = contract.template_id.points

    @api.depends("template_id")
    def _compute_coverage_ids(self):
        for contract in self:
            contract.coverage_ids = contract._copy_lines(contract.template_id.coverage_ids)

    @api.depends("template_id")
    def _compute_commitment_ids(self):
        for contract in self:
            contract.commitment_ids = contract._copy_lines(contract.template_id.commitment_ids)

    @api.depends("template_id")
    def _compute_meter_term_ids(self):
        for contract in self:
            contract.meter_term_ids = contract._copy_lines(contract.template_id.meter_term_ids)

    @api.depends("date_start", "template_id")
    def _compute_date_end(self):
        for contract in self:
            contract.date_end = (
                contract.template_id._get_end_date(contract.date_start)
                if contract.template_id and contract.date_start
                else contract.date_end
            )

    def _copy_lines(self, lines):
        """Commands that replace lines of this contract by copies of lines of its template."""
        return [
            Command.clear(),
            *(Command.create(vals) for vals in lines.copy_data({"template_id": False})),
        ]
