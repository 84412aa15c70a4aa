from odoo import api, fields, models


class ServiceSector(models.Model):
    """A geographic area that one agency looks after."""

    _name = "service.sector"
    _description = "Service Sector"
    _parent_store = True
    _rec_names_search = ["name", "code"]
    _order = "code, name"

    name = fields.Char(required=True)
    code = fields.Char()
    active = fields.Boolean(default=True)
    agency_id = fields.Many2one("service.agency", index="btree_not_null")
    company_id = fields.Many2one(related="agency_id.company_id", store=True, index=True)
    parent_id = fields.Many2one("service.sector", index="btree_not_null", ondelete="restrict")
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("service.sector", "parent_id", string="Sub-sectors")
    rule_ids = fields.One2many(
        "service.sector.rule",
        "sector_id",
        string="Rules",
        help="The addresses that belong to this sector. When several rules fit an address, the "
        "most specific one wins: a range of zip codes, then the longest zip prefix, then the "
        "region, then the country.",
    )

    @api.model
    def _match_addresses(self, partners):
        """Return the sector of each address.

        :param partners: res.partner recordset
        :return: ``{partner: service.sector}``, an empty sector where no rule fits
        """
        rules = self.env["service.sector.rule"].sudo().search([("sector_id.active", "=", True)])
        ranked = sorted(rules, key=lambda rule: rule._specificity(), reverse=True)
        none = self.browse()
        return {
            partner: next((r.sector_id for r in ranked if r._matches(partner)), none)
            for partner in partners
        }
