from odoo import api, fields, models, tools


class ServiceAgency(models.Model):
    """A branch that runs after-sales service (X3: site, FACILITY)."""

    _name = "service.agency"
    _description = "Service Agency"
    # record rules name the agencies of their user, and Odoo caches a rule's domain
    _inherit = ["service.cached"]
    _check_company_auto = True
    _order = "company_id, sequence, id"

    name = fields.Char(required=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    partner_id = fields.Many2one("res.partner", string="Address", index="btree_not_null")
    warehouse_id = fields.Many2one(
        "stock.warehouse",
        check_company=True,
        help="Where the parts that this agency consumes come from by default.",
    )
    resource_calendar_id = fields.Many2one(
        "resource.calendar", string="Opening Hours", check_company=True
    )
    tz = fields.Char(
        string="Time Zone",
        compute="_compute_tz",
        store=True,
        help="Whose days and hours count here: that of the opening hours, else of the address, "
        "else of the company's working hours.",
    )
    user_ids = fields.Many2many(
        "res.users",
        "service_agency_res_users_rel",
        "agency_id",
        "user_id",
        string="Staff",
        help="A user who is staff of any agency sees only the requests and interventions "
        "of those agencies; a user who is staff of none sees all.",
    )
    manager_id = fields.Many2one("res.users", index="btree_not_null")

    _code_company_uniq = models.Constraint(
        "unique(company_id, code)", "Another agency of this company has this code."
    )

    @api.depends("resource_calendar_id.tz", "partner_id.tz", "company_id.resource_calendar_id.tz")
    def _compute_tz(self):
        for agency in self:
            agency.tz = (
                agency.resource_calendar_id.tz
                or agency.partner_id.tz
                or agency.company_id.resource_calendar_id.tz
                or "UTC"
            )
        self.env.registry.clear_cache()  # of _get_tz

    @api.model
    def _default_by_company(self, companies):
        """Return ``{company: agency}``: the first agency of each company."""
        found = {company: self.browse(self._get_default_id(company.id)) for company in companies}
        return {company: agency for company, agency in found.items() if agency}

    @api.model
    def _choose(self, site, customer, company, warehouse=None):
        """The agency that serves a site of a customer for a company; empty if there is none.

        :param site: the res.partner where the machine stands; its agency comes first
        :param customer: the res.partner it belongs to
        :param company: the res.company, whose first agency serves where no other one does
        :param warehouse: the stock.warehouse that delivered, whose first agency comes before that
        """
        located = site.service_agency_id or customer.service_agency_id
        if located.company_id == company:
            return located
        supplied = warehouse and self._get_default_id(company.id, warehouse.id)
        return self.browse(supplied or self._get_default_id(company.id))

    def _get_day(self, moment):
        """The day of a moment where this agency is; without an agency, where the user is.

        :param moment: naive UTC datetime
        """
        place = self.with_context(tz=self._get_tz() or self.env.context.get("tz"))
        return fields.Datetime.context_timestamp(place, moment).date()

    def _get_today(self):
        """The day it is now where this agency is; without an agency, where the user is."""
        return self._get_day(fields.Datetime.now())

    @tools.ormcache("self.id")
    def _get_tz(self):
        """Name of the time zone of this agency, which every request asks for."""
        return self.sudo().tz

    @tools.ormcache("self.id")
    def _get_company_and_warehouse(self):
        """Ids of the company and the warehouse of this agency: every request asks."""
        agency_sudo = self.sudo()
        return agency_sudo.company_id.id, agency_sudo.warehouse_id.id

    @api.model
    @tools.ormcache("company_id", "warehouse_id")
    def _get_default_id(self, company_id, warehouse_id=None):
        """Id of the first agency of a company (and a warehouse): all that is made new asks."""
        domain = [("company_id", "=", company_id)]
        if warehouse_id:
            domain.append(("warehouse_id", "=", warehouse_id))
        return self.sudo().search(domain, limit=1).id
