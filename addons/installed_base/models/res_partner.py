from odoo import api, fields, models
from odoo.modules.db import FunctionStatus

from .readers import EQUIPMENT_READERS


def _index_of_name(registry):
    """What finds a part of a name, as the fields with a trigram index are found."""
    indexable = registry.has_unaccent == FunctionStatus.INDEXABLE
    column = registry.unaccent("complete_name") if indexable else "complete_name"
    return registry.has_trigram and f"USING gin ({column} gin_trgm_ops)"


class ResPartner(models.Model):
    _inherit = "res.partner"

    # machines are found by the name, city and zip of their site
    city = fields.Char(index="trigram")
    zip = fields.Char(index="trigram")
    customer_code = fields.Char(
        copy=False,
        index="btree_not_null",
        help="Short unique code of the customer; its first characters start the customer "
        "reference of each request.",
    )
    service_sector_id = fields.Many2one(
        "service.sector",
        string="Sector",
        compute="_compute_service_sector_id",
        inverse="_inverse_service_sector_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        help="Found from the address by the most specific rule of the sectors. A sector chosen by "
        "hand stays until « Sector Set by Hand » is cleared.",
    )
    service_sector_manual = fields.Boolean(
        string="Sector Set by Hand", help="Keep this sector whatever the rules say."
    )
    service_agency_id = fields.Many2one(
        "service.agency",
        string="Agency",
        compute="_compute_service_agency_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        help="The agency of the sector, unless another one is chosen.",
    )
    service_equipment_ids = fields.One2many(
        "service.equipment", "partner_id", string="Equipment", groups=EQUIPMENT_READERS
    )
    service_equipment_count = fields.Integer(
        string="Equipment Count",
        compute="_compute_service_equipment_count",
        groups=EQUIPMENT_READERS,
    )

    _complete_name_trigram = models.Index(_index_of_name)
    _customer_code_uniq = models.UniqueIndex(
        "(customer_code) WHERE customer_code IS NOT NULL",
        "Another customer has this customer code.",
    )

    @api.depends("zip", "country_id", "state_id", "service_sector_manual")
    def _compute_service_sector_id(self):
        matched = self.env["service.sector.rule"]._match_addresses(self)
        for partner in self:
            partner.service_sector_id = (
                partner.service_sector_id if partner.service_sector_manual else matched[partner]
            )

    def _inverse_service_sector_id(self):
        matched = self.env["service.sector.rule"]._match_addresses(self)
        self.filtered(
            lambda partner: partner.service_sector_id != matched[partner]
        ).service_sector_manual = True

    @api.onchange("service_sector_id")
    def _onchange_service_sector_id(self):
        if self.service_sector_id != self._origin.service_sector_id:
            matched = self.env["service.sector.rule"]._match_addresses(self)[self]
            self.service_sector_manual = self.service_sector_id != matched

    @api.depends("service_sector_id.agency_id")
    def _compute_service_agency_id(self):
        for partner in self:
            partner.service_agency_id = partner.service_sector_id.agency_id

    def _compute_service_equipment_count(self):
        equipment = self.env["service.equipment"]
        owned = dict(
            equipment._read_group(
                [("partner_id", "in", self.commercial_partner_id.ids)], ["partner_id"], ["__count"]
            )
        )
        placed = dict(
            equipment._read_group([("site_id", "in", self.ids)], ["site_id"], ["__count"])
        )
        for partner in self:
            is_owner = partner == partner.commercial_partner_id
            partner.service_equipment_count = (owned if is_owner else placed).get(partner, 0)

    def action_view_service_equipment(self):
        """Open the equipment that this customer owns, or that stands at this address."""
        self.ensure_one()
        field = "partner_id" if self == self.commercial_partner_id else "site_id"
        action = self.env["ir.actions.actions"]._for_xml_id(
            "installed_base.service_equipment_action"
        )
        return {
            **action,
            "domain": [(field, "=", self.id)],
            "context": {"default_partner_id": self.commercial_partner_id.id},
        }
