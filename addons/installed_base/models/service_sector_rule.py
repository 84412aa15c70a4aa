from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

# The rule of an active sector that fits « place » best. Zip codes compare up to the length of the
# bound: 69999 belongs to the range 69000-69. Of two ranges, one in the other, the inner one wins.
BEST_SECTOR = SQL(
    """
    SELECT rule.sector_id
      FROM service_sector_rule rule
      JOIN service_sector sector ON sector.id = rule.sector_id AND sector.active
     WHERE (rule.country_id IS NULL OR rule.country_id = place.country_id)
       AND (rule.state_id IS NULL OR rule.state_id = place.state_id)
       AND (rule.zip_prefix IS NULL OR starts_with(place.zip, rule.zip_prefix))
       AND (
           rule.zip_from IS NULL
           OR rule.zip_from COLLATE "C" <= left(place.zip, length(rule.zip_from))
           AND left(place.zip, length(rule.zip_to)) COLLATE "C" <= rule.zip_to
       )
     ORDER BY rule.zip_from COLLATE "C" DESC NULLS LAST,
           rule.zip_to COLLATE "C",
           length(rule.zip_prefix) DESC NULLS LAST,
           rule.state_id IS NULL,
           rule.country_id IS NULL,
           rule.id
     LIMIT 1
    """
)


class ServiceSectorRule(models.Model):
    """One set of addresses of a sector: by country, state, zip prefix or zip range."""

    _name = "service.sector.rule"
    _description = "Service Sector Rule"
    _order = "sector_id, zip_from, zip_prefix, id"

    sector_id = fields.Many2one("service.sector", required=True, index=True, ondelete="cascade")
    country_id = fields.Many2one("res.country")
    state_id = fields.Many2one(
        "res.country.state", string="Region", domain="[('country_id', '=?', country_id)]"
    )
    zip_prefix = fields.Char()
    zip_from = fields.Char(string="From Zip")
    zip_to = fields.Char(string="To Zip")

    @api.constrains("sector_id", "country_id", "state_id", "zip_prefix", "zip_from", "zip_to")
    def _check_rule(self):
        for rule in self:
            if not any(rule[field] for field in self._criteria()):
                raise ValidationError(
                    self.env._(
                        "A rule of the sector %(sector)s is empty: give a country, a region, a zip "
                        "prefix or a zip range.",
                        sector=rule.sector_id.name,
                    )
                )
            if bool(rule.zip_from) != bool(rule.zip_to) or (rule.zip_from or "") > (
                rule.zip_to or ""
            ):
                raise ValidationError(
                    self.env._(
                        "The zip range of the sector %(sector)s must have a first and a last zip "
                        "code, in this order.",
                        sector=rule.sector_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        self._assign_addresses()
        return rules

    def write(self, vals):
        result = super().write(vals)
        self._assign_addresses()
        return result

    def unlink(self):
        result = super().unlink()
        self._assign_addresses()
        return result

    @api.model
    def _criteria(self):
        return ("country_id", "state_id", "zip_prefix", "zip_from", "zip_to")

    @api.model
    def _match_addresses(self, partners):
        """Return the sector of each address by the rules, whether it is saved or not.

        :param partners: res.partner recordset
        :return: ``{partner: service.sector}``, an empty sector where no rule fits
        """
        self._flush_rules()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT (%s)
                  FROM unnest(%s::int[], %s::int[], %s::text[])
                       WITH ORDINALITY AS place (country_id, state_id, zip, position)
                 ORDER BY place.position
                """,
                BEST_SECTOR,
                [partner.country_id.id or None for partner in partners],
                [partner.state_id.id or None for partner in partners],
                [(partner.zip or "").strip() for partner in partners],
            )
        )
        sectors = self.env["service.sector"]
        return {
            partner: sectors.browse(sector)
            for partner, (sector,) in zip(partners, rows, strict=True)
        }

    @api.model
    def _assign_addresses(self):
        """Give every address, but those whose sector was chosen by hand, its sector by the rules.

        The addresses of one place are matched once, and only what changes is written.
        """
        self._flush_rules()
        partners = self.env["res.partner"].sudo()
        partners.flush_model(
            [
                "country_id",
                "state_id",
                "zip",
                "service_sector_id",
                "service_sector_manual",
                "service_agency_id",
            ]
        )
        rows = self.env.execute_query(
            SQL(
                """
                WITH located AS MATERIALIZED (
                    SELECT place.*, (%s) AS sector_id
                      FROM (
                            SELECT DISTINCT
                                   COALESCE(country_id, 0) AS country_id,
                                   COALESCE(state_id, 0) AS state_id,
                                   COALESCE(btrim(zip), '') AS zip
                              FROM res_partner
                             WHERE service_sector_manual IS NOT TRUE
                           ) place
                )
                UPDATE res_partner
                   SET service_sector_id = located.sector_id,
                       service_agency_id = (
                           SELECT agency_id FROM service_sector WHERE id = located.sector_id
                       )
                  FROM located
                 WHERE service_sector_manual IS NOT TRUE
                   AND service_sector_id IS DISTINCT FROM located.sector_id
                   AND COALESCE(res_partner.country_id, 0) = located.country_id
                   AND COALESCE(res_partner.state_id, 0) = located.state_id
                   AND COALESCE(btrim(res_partner.zip), '') = located.zip
                RETURNING res_partner.id
                """,
                BEST_SECTOR,
            )
        )
        moved = partners.browse(partner for (partner,) in rows)
        names = ["service_sector_id", "service_agency_id"]
        partners.invalidate_model(names, flush=False)
        with self.env.protecting([partners._fields[name] for name in names], moved):
            moved.modified(names)

    @api.model
    def _flush_rules(self):
        self.flush_model()
        self.env["service.sector"].flush_model(["active", "agency_id"])
