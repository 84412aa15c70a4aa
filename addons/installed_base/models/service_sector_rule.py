from odoo import api, fields, models
from odoo.exceptions import ValidationError


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
        self._recompute_addresses()
        return rules

    def write(self, vals):
        result = super().write(vals)
        self._recompute_addresses()
        return result

    def unlink(self):
        result = super().unlink()
        self._recompute_addresses()
        return result

    @api.model
    def _criteria(self):
        return ("country_id", "state_id", "zip_prefix", "zip_from", "zip_to")

    def _specificity(self):
        """Rank of the rule: zip range, then longest prefix, then state, then country."""
        self.ensure_one()
        return (
            bool(self.zip_from),
            len(self.zip_prefix or ""),
            bool(self.state_id),
            bool(self.country_id),
            -self.id,
        )

    def _matches(self, partner):
        """Whether the address of ``partner`` satisfies every criterion of the rule."""
        self.ensure_one()
        zip_code = (partner.zip or "").strip()
        return (
            (not self.country_id or partner.country_id == self.country_id)
            and (not self.state_id or partner.state_id == self.state_id)
            and (not self.zip_prefix or zip_code.startswith(self.zip_prefix))
            # compared up to the length of the bound: 69999 belongs to the range 69000-69
            and (
                not self.zip_from
                or self.zip_from <= zip_code[: len(self.zip_from)]
                and zip_code[: len(self.zip_to)] <= self.zip_to
            )
        )

    @api.model
    def _recompute_addresses(self):
        partners = self.env["res.partner"].sudo().with_context(active_test=False)
        located = partners.search(["|", ("zip", "!=", False), ("country_id", "!=", False)])
        self.env.add_to_compute(located._fields["service_sector_id"], located)
