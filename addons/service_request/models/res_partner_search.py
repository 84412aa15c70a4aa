import re

from odoo import api, fields, models
from odoo.fields import Domain

PHONE = re.compile(r"[\d\s+./()-]{4,}")
SITE_TYPES = ("delivery", "other")


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
    def name_search(self, name="", domain=None, operator="ilike", limit=100):
        """For a request, find customers and, before each, who and which site of it is meant."""
        if not self.env.context.get("service_customer_search") or operator != "ilike":
            return super().name_search(name, domain, operator, limit)
        given = Domain(domain or Domain.TRUE)
        found = super().name_search(name, given & Domain("parent_id", "=", False), operator, limit)
        if not (text := name and name.strip()):
            return found
        near_ones = self.search_fetch(
            given & (self._get_service_site_domain(text) | self._get_service_person_domain(text)),
            ["display_name", "commercial_partner_id"],
            # at most half of the answer: a town full of sites hides no customer
            limit=limit and (limit + 1) // 2,
        )
        of_customer = near_ones.grouped(lambda near: near.commercial_partner_id.id)
        answer = []
        for customer_id, customer_name in found:
            near = of_customer.pop(customer_id, self.browse())
            answer += [(one.id, one.display_name) for one in near]
            answer.append((customer_id, customer_name))
        answer += [(one.id, one.display_name) for near in of_customer.values() for one in near]
        return answer[:limit]

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
        phone = self._get_service_phone_domain(text)
        return domain | phone | Domain("child_ids", "any", phone)

    @api.model
    def _get_service_site_domain(self, text):
        """Sites that a call taker means: by their name, place or phone."""
        own = [
            self._get_service_place_domain(word) | Domain("name", "ilike", word)
            for word in text.split()
        ]
        return Domain("type", "in", SITE_TYPES) & self._get_service_own_domain(text, own)

    @api.model
    def _get_service_person_domain(self, text):
        """Persons of a customer that a call taker means: by their name or phone."""
        own = [Domain("name", "ilike", word) for word in text.split()]
        return (
            Domain("type", "=", "contact")
            & Domain("is_company", "=", False)
            & Domain("parent_id", "!=", False)
            & self._get_service_own_domain(text, own)
        )

    @api.model
    def _get_service_own_domain(self, text, own):
        """One word at least is said of them themselves, the others of them or their customer.

        :param own: domain of what each word of the text may say of them
        """
        said = [
            domain | Domain("complete_name", "ilike", word)
            for domain, word in zip(own, text.split(), strict=True)
        ]
        return Domain.AND(said) & Domain.OR(own) | self._get_service_phone_domain(text)

    @api.model
    def _get_service_phone_domain(self, text):
        """Those with this phone number; nobody when the text is none."""
        digits = re.sub(r"\D", "", text)
        # some write the country, others a zero instead
        digits = digits[-9:] if text.lstrip().startswith(("+", "00")) else digits.lstrip("0")
        if PHONE.fullmatch(text) and len(digits) > 3:
            return Domain("service_phone_digits", "ilike", digits)
        return Domain.FALSE

    @api.model
    def _get_service_place_domain(self, word):
        return Domain("zip", "=ilike", f"{word}%") | Domain("city", "ilike", word)

    @api.model
    def _get_service_word_domain(self, word):
        place = self._get_service_place_domain(word)
        return (
            Domain("complete_name", "ilike", word)
            | Domain("customer_code", "=ilike", f"{word}%")
            | place
            | Domain("child_ids", "any", place | Domain("name", "ilike", word))
            | Domain("service_equipment_ids.serial_number", "ilike", word)
        )

    def _is_chosen_service_site(self, other):
        """Whether this is a site that nobody but a person chose: ``other`` is the machine's."""
        customer = self.commercial_partner_id
        usual = customer.address_get(["delivery"])["delivery"] if customer else False
        return customer == other.commercial_partner_id and self.id not in (False, usual, other.id)
