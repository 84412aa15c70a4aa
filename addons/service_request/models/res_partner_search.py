import re

from odoo import api, fields, models
from odoo.fields import Domain

PHONE = re.compile(r"[\d\s+./()-]{4,}")


class ResPartner(models.Model):
    """A call taker finds a customer by whatever the caller says first."""

    _inherit = "res.partner"

    service_phone_digits = fields.Char(
        string="Phone Digits",
        compute="_compute_service_phone_digits",
        store=True,
        index="trigram",
        export_string_translation=False,
        help="The phone number without anything but digits, to be found however it is written.",
    )

    @api.depends("phone")
    def _compute_service_phone_digits(self):
        for partner in self:
            partner.service_phone_digits = re.sub(r"\D", "", partner.phone or "") or False

    @api.model
    def _search_display_name(self, operator, value):
        domain = super()._search_display_name(operator, value)
        wide = self.env.context.get("service_customer_search")
        if not wide or operator != "ilike" or not isinstance(value, str) or not value.strip():
            return domain
        return Domain.OR([domain, self._get_service_search_domain(value.strip())])

    @api.model
    def _get_service_search_domain(self, text):
        """Customers that a call taker may mean: each word is found somewhere, or the phone is.

        Found are name, zip, city and code, of the customer or of one of its addresses, and the
        serial number of a machine.
        """
        domain = Domain.AND([self._get_service_word_domain(word) for word in text.split()])
        digits = re.sub(r"\D", "", text).lstrip("0")
        if PHONE.fullmatch(text) and len(digits) > 3:
            phone = Domain("service_phone_digits", "ilike", digits)
            domain |= phone | Domain("child_ids", "any", phone)
        return domain

    @api.model
    def _get_service_word_domain(self, word):
        place = Domain("zip", "=ilike", f"{word}%") | Domain("city", "ilike", word)
        return (
            Domain("complete_name", "ilike", word)
            | Domain("customer_code", "=ilike", f"{word}%")
            | place
            | Domain("child_ids", "any", place | Domain("name", "ilike", word))
            | Domain("service_equipment_ids.serial_number", "ilike", word)
        )
