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

    @api.model
    def _default_by_company(self, companies):
        """Return ``{company: agency}``: the first agency of each company."""
        found = {company: self.browse(self._get_default_id(company.id)) for company in companies}
        return {company: agency for company, agency in found.items() if agency}

    @tools.ormcache("self.id")
    def _get_company_and_warehouse(self):
        """Ids of the company and the warehouse of this agency: every request asks."""
        agency_sudo = self.sudo()
        return agency_sudo.company_id.id, agency_sudo.warehouse_id.id

    @api.model
    @tools.ormcache("company_id")
    def _get_default_id(self, company_id):
        # every new machine, contract and request asks
        return self.sudo().search([("company_id", "=", company_id)], limit=1).id
