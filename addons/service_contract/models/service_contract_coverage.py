from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL
from odoo.tools.misc import format_date

RATES = ("parts_rate", "labor_rate", "travel_rate")
AMOUNTS = (
    "request_limit",
    "hour_limit",
    "amount_limit",
    "free_hours",
    "deductible",
    "points_per_request",
    "points_per_hour",
    "points_per_amount",
    "meter_limit",
)


class ServiceContractCoverage(models.Model):
    """One promise of a contract or of a contract template: what, where, how much."""

    _name = "service.contract.coverage"
    _description = "Service Contract Coverage"
    _check_company_auto = True
    _order = "contract_id, id"

    contract_id = fields.Many2one("service.contract", index="btree_not_null", ondelete="cascade")
    template_id = fields.Many2one(
        "service.contract.template", index="btree_not_null", ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", compute="_compute_company_id", store=True, precompute=True, index=True
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")

    # What
    scope = fields.Selection(
        [
            ("equipment", "Machine"),
            ("product", "Product"),
            ("category", "Product Category"),
            ("customer", "Customer"),
        ],
        required=True,
        default="equipment",
        help="In a template a line for « Machine » is repeated for each machine of the contract.",
    )
    equipment_id = fields.Many2one(
        "service.equipment",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="The machine, or the system with all its machines.",
    )
    product_id = fields.Many2one("product.product", ondelete="restrict", check_company=True)
    product_category_id = fields.Many2one(
        "product.category", ondelete="restrict", help="With the categories below it."
    )
    component_ids = fields.Many2many(
        "product.product",
        "service_contract_coverage_component_rel",
        "coverage_id",
        "product_id",
        string="Components",
        ondelete="restrict",
        help="Only these components are covered (or excluded); empty: the whole machine.",
    )
    component_category_id = fields.Many2one(
        "product.category",
        ondelete="restrict",
        help="Only components of this category and of those below it; empty: all.",
    )
    is_exclusion = fields.Boolean(
        string="Exclusion",
        help="What this line matches is not covered by any line of the same contract.",
    )
    competence_ids = fields.Many2many(
        "service.competence",
        "service_contract_coverage_competence_rel",
        "coverage_id",
        "competence_id",
        string="Competences",
        ondelete="restrict",
        help="Only these families and those below them; empty: any.",
    )
    site_id = fields.Many2one(
        "res.partner",
        ondelete="restrict",
        help="Only at this address; empty: everywhere.",
    )

    # When
    own_date_start = fields.Date(
        string="Own Start Date",
        copy=False,
        help="First day of this line, when it is not the contract's.",
    )
    own_date_end = fields.Date(
        string="Own End Date",
        copy=False,
        help="Last day of this line, when it is not the contract's.",
    )
    duration_template_id = fields.Many2one(
        "service.contract.template",
        string="Runs as",
        index="btree_not_null",
        copy=False,
        ondelete="restrict",
        help="The line lasts as long as this template says from its own first day, instead of "
        "ending with the contract: the warranty of each machine.",
    )
    date_start = fields.Date(
        string="Start Date",
        compute="_compute_date_start",
        inverse="_inverse_date_start",
        store=True,
        help="First covered day: the contract's, unless this line has its own.",
    )
    date_end = fields.Date(
        string="End Date",
        compute="_compute_date_end",
        inverse="_inverse_date_end",
        store=True,
        index="btree_not_null",
        help="Last covered day: the contract's, unless this line has its own.",
    )

    # How much
    parts_rate = fields.Float(
        string="Parts (%)", default=100, help="Share of the parts that the customer gets free."
    )
    labor_rate = fields.Float(
        string="Labour (%)", default=100, help="Share of the labour that the customer gets free."
    )
    travel_rate = fields.Float(
        string="Travel (%)", default=100, help="Share of the travel that the customer gets free."
    )
    request_limit = fields.Integer(help="Requests in the contract's period; 0: no limit.")
    hour_limit = fields.Float(help="Hours of labour in the contract's period; 0: no limit.")
    amount_limit = fields.Monetary(help="Covered amount in the contract's period; 0: no limit.")
    free_hours = fields.Float(help="First hours of each request that cost the customer nothing.")
    deductible = fields.Monetary(help="What the customer pays itself, once for each request.")
    covered_by_id = fields.Many2one(
        "res.partner",
        string="Covered by",
        ondelete="restrict",
        help="An insurer, lessor or landlord who pays the covered share instead of us.",
    )
    points_per_request = fields.Float(
        string="Points per Request", help="Points that each request costs, as a flat rate."
    )
    points_per_hour = fields.Float(
        string="Points per Hour", help="Points that each hour of labour costs."
    )
    points_per_amount = fields.Float(
        string="Points per Amount", help="Points for each unit of currency of parts and travel."
    )

    meter_type_id = fields.Many2one(
        "service.meter.type",
        ondelete="restrict",
        help="What the meter limit counts: kilometres, operating hours, pages.",
    )
    meter_limit = fields.Float(
        digits=(16, 3),
        help="Covered until the machine has run this far in all, whatever the dates say; 0: no "
        "limit. A machine without such a meter, or not read yet, is covered.",
    )

    _one_owner = models.Constraint(
        "CHECK (num_nonnulls(contract_id, template_id) = 1)",
        "A coverage line belongs to one contract or to one template.",
    )
    _contract_wide = models.Index("(contract_id) WHERE scope != 'equipment'")

    @api.depends("contract_id.company_id", "template_id.company_id")
    def _compute_company_id(self):
        for line in self:
            line.company_id = (line.contract_id or line.template_id).company_id

    @api.depends("contract_id.currency_id", "template_id.currency_id")
    def _compute_currency_id(self):
        for line in self:
            line.currency_id = (line.contract_id or line.template_id).currency_id

    @api.depends(
        "own_date_start",
        "contract_id.date_start",
        "contract_id.start_on",
        "duration_template_id.start_on",
        "equipment_id.commissioning_date",
    )
    def _compute_date_start(self):
        for line in self:
            terms = line.duration_template_id or line.contract_id
            commissioned = line.equipment_id.commissioning_date
            line.date_start = (
                line.own_date_start
                or (terms.start_on == "commissioning" and commissioned)
                or line.contract_id.date_start
            )

    @api.depends("own_date_end", "contract_id.date_end", "duration_template_id", "date_start")
    def _compute_date_end(self):
        for line in self:
            runs_as, start = line.duration_template_id, line.date_start
            line.date_end = line.own_date_end or (
                runs_as._get_end_date(start) if runs_as and start else line.contract_id.date_end
            )

    def _inverse_date_start(self):
        for line in self:
            own = line.date_start
            line.own_date_start = own if own != line.contract_id.date_start else False

    def _inverse_date_end(self):
        for line in self:
            own = line.date_end
            line.own_date_end = own if own != line.contract_id.date_end else False

    @api.depends("scope", "equipment_id", "product_id", "product_category_id", "is_exclusion")
    def _compute_display_name(self):
        labels = dict(self._fields["scope"]._description_selection(self.env))
        for line in self:
            target = line.equipment_id or line.product_id or line.product_category_id
            label = target.display_name or labels.get(line.scope)
            line.display_name = (
                self.env._("Except %(target)s", target=label) if line.is_exclusion else label
            )

    @api.constrains("scope", "equipment_id", "product_id", "product_category_id", "contract_id")
    def _check_scope(self):
        for line in self:
            if line.scope == "product" and not line.product_id:
                missing = self.env._("a product")
            elif line.scope == "category" and not line.product_category_id:
                missing = self.env._("a product category")
            elif line.scope == "equipment" and line.contract_id and not line.equipment_id:
                missing = self.env._("a machine")
            else:
                continue
            raise ValidationError(
                self.env._(
                    "A coverage line of %(contract)s names no target: choose %(missing)s, or "
                    "another scope.",
                    contract=line._get_owner_name(),
                    missing=missing,
                )
            )

    @api.constrains(*RATES)
    def _check_rates(self):
        for line in self:
            for name in RATES:
                if not 0 <= line[name] <= 100:
                    raise ValidationError(
                        self.env._(
                            "The rate « %(rate)s » of %(line)s in %(contract)s is %(value)s: give "
                            "a percentage between 0 and 100.",
                            rate=line._fields[name]._description_string(self.env),
                            line=line.display_name,
                            contract=line._get_owner_name(),
                            value=line[name],
                        )
                    )

    @api.constrains("meter_type_id", "meter_limit")
    def _check_meter_limit(self):
        for line in self.filtered(lambda line: line.meter_limit and not line.meter_type_id):
            raise ValidationError(
                self.env._(
                    "%(line)s in %(contract)s has a meter limit of %(limit)s: say which meter "
                    "counts, or remove the limit.",
                    line=line.display_name,
                    contract=line._get_owner_name(),
                    limit=line.meter_limit,
                )
            )

    @api.constrains(*AMOUNTS)
    def _check_amounts(self):
        for line in self:
            for name in AMOUNTS:
                if line[name] < 0:
                    raise ValidationError(
                        self.env._(
                            "« %(field)s » of %(line)s in %(contract)s is %(value)s: it cannot be "
                            "negative; 0 means none.",
                            field=line._fields[name]._description_string(self.env),
                            line=line.display_name,
                            contract=line._get_owner_name(),
                            value=line[name],
                        )
                    )

    @api.constrains("date_start", "date_end", "own_date_start", "own_date_end")
    def _check_dates(self):
        for line in self.filtered("contract_id"):
            if line.date_start and line.date_end and line.date_end < line.date_start:
                raise ValidationError(
                    self.env._(
                        "The coverage line %(line)s of %(contract)s would end on %(end)s, before "
                        "it starts on %(start)s: correct one of the dates.",
                        line=line.display_name,
                        contract=line._get_owner_name(),
                        start=format_date(self.env, line.date_start),
                        end=format_date(self.env, line.date_end),
                    )
                )

    def _get_owner_name(self):
        return (self.contract_id or self.template_id).display_name

    def _is_for(self, equipment):
        """Whether this line of a template applies to a machine."""
        self.ensure_one()
        if self.scope == "product":
            return equipment.product_id == self.product_id
        if self.scope == "category":
            path = equipment.product_id.categ_id.parent_path or ""
            return str(self.product_category_id.id) in path.split("/")
        return True

    def _get_identity(self):
        """What makes two lines of one contract the same promise, dates apart."""
        self.ensure_one()
        return (
            self.scope,
            self.is_exclusion,
            self.equipment_id,
            self.product_id,
            self.product_category_id,
            self.component_ids,
            self.component_category_id,
            self.competence_ids,
            self.site_id,
            self.meter_type_id,
        )

    def _find_equipment(self):
        """Machines that these lines of contracts cover, exclusions and competences apart.

        :return: ``{contract id: [service.equipment ids]}``, found in one query
        """
        if not self.ids:
            return {}
        self.env["service.equipment"].flush_model()
        self.env["service.contract"].flush_model(["party_ids", "company_id"])
        self.flush_model()
        return dict(
            self.env.execute_query(
                SQL(
                    """
                    WITH found AS (
                        SELECT coverage.contract_id, machine.id
                          FROM service_contract_coverage coverage
                          JOIN service_equipment machine
                            ON machine.id = coverage.equipment_id
                            OR machine.parent_id = coverage.equipment_id
                         WHERE coverage.id IN %(lines)s
                           AND coverage.scope = 'equipment'
                           AND coverage.is_exclusion IS NOT TRUE
                     UNION
                        SELECT coverage.contract_id, machine.id
                          FROM service_contract_coverage coverage
                          JOIN service_contract contract ON contract.id = coverage.contract_id
                          JOIN service_contract_party_rel party
                            ON party.contract_id = coverage.contract_id
                          JOIN service_equipment machine
                            ON machine.partner_id = party.partner_id
                           AND machine.company_id = contract.company_id
                           AND machine.active
                     LEFT JOIN product_category category ON category.id = machine.product_categ_id
                         WHERE coverage.id IN %(lines)s
                           AND coverage.is_exclusion IS NOT TRUE
                           AND (coverage.site_id IS NULL OR coverage.site_id = machine.site_id)
                           AND (coverage.scope = 'customer'
                                OR coverage.scope = 'product'
                                   AND coverage.product_id = machine.product_id
                                OR coverage.scope = 'category'
                                   AND coverage.product_category_id::text = ANY(
                                       string_to_array(category.parent_path, '/')))
                    )
                    SELECT contract_id, array_agg(id ORDER BY id) FROM found GROUP BY contract_id
                    """,
                    lines=tuple(self.ids),
                )
            )
        )
