from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ServiceContractMeterTerm(models.Model):
    """What running costs: a volume that the price includes, and prices for what goes beyond it."""

    _name = "service.contract.meter.term"
    _description = "Contract Meter Term"
    _check_company_auto = True
    _order = "contract_id, id"
    _rec_name = "meter_type_id"

    contract_id = fields.Many2one("service.contract", index="btree_not_null", ondelete="cascade")
    template_id = fields.Many2one(
        "service.contract.template", index="btree_not_null", ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", compute="_compute_company_id", store=True, precompute=True, index=True
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    meter_type_id = fields.Many2one(
        "service.meter.type", required=True, index=True, ondelete="restrict"
    )
    product_id = fields.Many2one(
        "product.product",
        string="Invoiced Product",
        check_company=True,
        domain="[('type', '=', 'service')]",
        help="The service on the invoice for what goes beyond the included volume; empty: the "
        "contract's.",
    )
    included = fields.Float(
        string="Included Volume",
        digits=(16, 3),
        help="What the price of one invoicing interval includes, in the unit of the meter.",
    )
    is_shared = fields.Boolean(
        string="Shared by All Machines",
        help="The included volume and the tiers are for all machines together; otherwise for each "
        "machine on its own.",
    )
    tier_ids = fields.One2many("service.contract.meter.tier", "term_id", string="Tiers", copy=True)

    _one_owner = models.Constraint(
        "CHECK (num_nonnulls(contract_id, template_id) = 1)",
        "A meter term belongs to one contract or to one template.",
    )
    _included_not_negative = models.Constraint(
        "CHECK (included >= 0)", "The included volume cannot be negative."
    )

    @api.depends("contract_id.company_id", "template_id.company_id")
    def _compute_company_id(self):
        for term in self:
            term.company_id = (term.contract_id or term.template_id).company_id

    @api.depends("contract_id.currency_id", "template_id.currency_id")
    def _compute_currency_id(self):
        for term in self:
            term.currency_id = (term.contract_id or term.template_id).currency_id

    @api.constrains("meter_type_id", "contract_id", "template_id")
    def _check_type_once(self):
        for term in self:
            owner = term.contract_id or term.template_id
            twins = owner.meter_term_ids.filtered(
                lambda other, term=term: other.meter_type_id == term.meter_type_id
            )
            if len(twins) > 1:
                raise ValidationError(
                    self.env._(
                        "%(owner)s has two terms for the meter « %(type)s »: keep one, with tiers.",
                        owner=owner.display_name,
                        type=term.meter_type_id.name,
                    )
                )

    def _get_price(self, consumed, intervals=1):
        """What a consumption costs beyond the included volume, tier by tier.

        Each tier prices what lies between its own beginning and that of the next one; what lies
        before the first tier is free.

        :param consumed: in the unit of the meter
        :param intervals: how many invoicing intervals were consumed over
        :return: list of dicts ``from_quantity``, ``quantity``, ``price_unit``, ``amount`` (in the
            currency of the contract, rounded)
        """
        self.ensure_one()
        excess = max(consumed - self.included * intervals, 0.0)
        tiers = self.tier_ids.sorted("from_quantity")
        ends = [tier.from_quantity * intervals for tier in tiers[1:]] + [float("inf")]
        priced = []
        for tier, end in zip(tiers, ends, strict=True):
            begin = tier.from_quantity * intervals
            quantity = min(excess, end) - begin
            if quantity > 0:
                amount = quantity * tier.price_unit
                priced.append(
                    {
                        "from_quantity": begin,
                        "quantity": quantity,
                        "price_unit": tier.price_unit,
                        "amount": self.currency_id.round(amount) if self.currency_id else amount,
                    }
                )
        return priced

    def _get_usage(self, first_day, last_day, intervals=1):
        """What the machines of the contract ran in a period, and what it costs.

        What was read in the period counts, from the reading before it on.

        :param first_day: first day of the period, where the agency of each machine is
        :param last_day: last day of the period
        :param intervals: how many invoicing intervals the period has
        :return: list of dicts ``meters`` (service.meter), ``consumed``, ``included``, ``tiers``
            (see :meth:`_get_price`) and ``amount``: one for each meter, or one for all that share
        """
        self.ensure_one()
        meters = self.env["service.meter"].search(
            [
                ("equipment_id", "in", self.contract_id.equipment_ids.ids),
                ("type_id", "=", self.meter_type_id.id),
            ]
        )
        consumed = meters._read_consumption(first_day, last_day)
        groups = [meters] if self.is_shared and meters else list(meters)
        usage = []
        for group in groups:
            total = sum(consumed[meter] for meter in group)
            tiers = self._get_price(total, intervals)
            usage.append(
                {
                    "meters": group,
                    "consumed": total,
                    "included": self.included * intervals,
                    "tiers": tiers,
                    "amount": sum(tier["amount"] for tier in tiers),
                }
            )
        return usage
