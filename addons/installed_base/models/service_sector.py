from odoo import fields, models


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

    def write(self, vals):
        result = super().write(vals)
        if "active" in vals:
            self.rule_ids._assign_addresses()
        return result

    def unlink(self):
        result = super().unlink()
        self.env["service.sector.rule"]._assign_addresses()
        return result
