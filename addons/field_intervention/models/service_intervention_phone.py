from urllib.parse import quote_plus

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools.misc import formatLang

from .service_intervention_steps import UNDER_WAY


class ServiceIntervention(models.Model):
    """What a technician needs on a phone: whom to call, where to go, one job at a time."""

    _inherit = "service.intervention"

    contact_phone = fields.Char(string="Phone", compute="_compute_contact_phone")
    navigation_url = fields.Char(
        string="Navigate", compute="_compute_navigation_url", help="Opens the phone's navigation."
    )
    parts_to_take = fields.Text(
        compute="_compute_parts_to_take", help="The planned parts: in the van already, or missing."
    )

    def _compute_parts_to_take(self):
        missing = self._find_missing_parts()
        for intervention in self:
            lacking = missing.get(intervention._origin.id, {})
            lines = intervention.consumption_ids._filter_unanswered()
            intervention.parts_to_take = "\n".join(
                intervention._describe_part(product, quantity, lacking.get(product, 0.0))
                for product, quantity in lines._sum_by_product().items()
            )

    def _describe_part(self, product, quantity, lacking):
        values = {
            "quantity": formatLang(self.env, quantity, digits=0 if quantity % 1 == 0 else 2),
            "product": product.name,
            "lacking": formatLang(self.env, lacking, digits=0 if lacking % 1 == 0 else 2),
        }
        if not self._get_van() or not product.is_storable:
            return self.env._("%(quantity)s × %(product)s", **values)
        if lacking:
            return self.env._("✗ %(quantity)s × %(product)s: %(lacking)s missing", **values)
        return self.env._("✓ %(quantity)s × %(product)s: in the van", **values)

    @api.depends("contact_id.phone", "site_id.phone", "partner_id.phone")
    def _compute_contact_phone(self):
        for intervention in self:
            intervention.contact_phone = (
                intervention.contact_id.phone
                or intervention.site_id.phone
                or intervention.partner_id.phone
            )

    @api.depends("address_id")
    def _compute_navigation_url(self):
        for intervention in self:
            address = intervention.address_id
            parts = (address.street, address.zip, address.city, address.country_id.name)
            place = quote_plus(", ".join(part for part in parts if part))
            intervention.navigation_url = (
                place and f"https://www.google.com/maps/dir/?api=1&destination={place}"
            )

    @api.constrains("request_id")
    def _check_request_open(self):
        for intervention in self.filtered(lambda i: i.state == "draft"):
            request = intervention.request_id
            if request and request.state != "open":
                raise ValidationError(
                    self.env._(
                        "%(request)s is closed: open it again before you plan an intervention.",
                        request=request.display_name,
                    )
                )

    def action_leave(self, at=None):
        """The technician sets off; asks about work that still runs elsewhere."""
        return super().action_leave(at) and self._warn_about_other_work()

    def action_arrive(self, at=None):
        """The technician works; asks about work that still runs elsewhere."""
        return super().action_arrive(at) and self._warn_about_other_work()

    def action_resume(self, at=None):
        """The technician goes on; asks about work that still runs elsewhere."""
        return super().action_resume(at) and self._warn_about_other_work()

    def _warn_about_other_work(self):
        """True, or the question whether clocks of the same technician elsewhere are paused."""
        others = self.search(
            [
                ("technician_id", "in", self.sudo().technician_id.ids),
                ("state", "in", list(UNDER_WAY)),
                ("is_paused", "=", False),
                ("id", "not in", self.ids),
            ]
        )
        if not others:
            return True
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Another Clock Is Running"),
            "res_model": "service.intervention.running",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_intervention_ids": others.ids},
        }

    def _get_likely_parts(self):
        """The products in the technician's van, in the machines and in their service BOMs."""
        van = self._get_van()
        in_van = (
            self.env["stock.quant"]
            .sudo()
            .search([("location_id", "child_of", van.id), ("quantity", ">", 0)])
            .product_id
            if van
            else self.env["product.product"].sudo()
        )
        return in_van.with_env(self.env) | self.equipment_ids._get_known_parts()
