from odoo import api, models

from ..catalogue.customers import BLOCKED, CUSTOMERS, GROUP, GROUP_MEMBERS
from ..catalogue.places import PLACES


class ServiceDemo(models.AbstractModel):
    _inherit = "service.demo"

    @api.model
    def _create_customers(self):
        """Customers, their contacts and their sites; a group that pays, and one that is blocked."""
        rng = self._random()
        seller = self._ref("user_philippe")  # private people have no salesperson
        self._make(
            "res.partner",
            {
                key: {
                    **self._prepare_address(name, *address),
                    "is_company": bool(contact),
                    "customer_rank": 1,
                    "customer_code": code,
                    "user_id": seller.id if contact else False,
                    "phone": self._draw_phone(rng, address[1]),
                    "email": f"{key.replace('_', '.')}@example.com",
                }
                for key, (code, name, _kits, contact, address, _sites) in CUSTOMERS.items()
            },
            "customer",
        )
        self._make(
            "res.partner",
            {
                key: {
                    "name": customer[3].split(", ")[0],
                    "function": customer[3].split(", ")[1],
                    "parent_id": self._ref(f"customer_{key}").id,
                    "type": "contact",
                    "phone": f"+33 6 {self._draw_digits(rng)}",
                    "email": f"contact.{key.replace('_', '.')}@example.com",
                }
                for key, customer in CUSTOMERS.items()
                if customer[3]
            },
            "contact",
        )
        self._make(
            "res.partner",
            {
                f"{key}_{number}": {
                    **self._prepare_address(*site),
                    "parent_id": self._ref(f"customer_{key}").id,
                    "type": "delivery",
                    "phone": self._draw_phone(rng, site[2]),
                }
                for key, customer in CUSTOMERS.items()
                for number, site in enumerate(customer[5], 1)
            },
            "site",
        )
        group = self._ref(f"customer_{GROUP}")
        self._refs("customer", GROUP_MEMBERS).write(
            {"service_group_partner_id": group.id, "service_payer_id": group.id}
        )
        self._ref(f"customer_{BLOCKED[0]}").write(
            {"service_blocked": True, "service_block_reason": BLOCKED[1]}
        )

    def _get_sites(self, key):
        """The addresses where the machines of a customer stand; its own when it has no other."""
        sites = CUSTOMERS[key][5]
        names = [f"{key}_{number}" for number, _site in enumerate(sites, 1)]
        return self._refs("site", names) if names else self._ref(f"customer_{key}")

    def _prepare_address(self, name, street, zip_code, city):
        return {
            "name": name,
            "street": street,
            "zip": zip_code,
            "city": city,
            **self._prepare_position(name, city),
            "country_id": self.env.ref("base.fr").id,
            "lang": self._get_language(),
            "tz": "Europe/Paris",
        }

    def _prepare_position(self, name, city):
        """Somewhere in the town, each name at its own place."""
        latitude, longitude = PLACES[city]
        seed = sum(map(ord, name))
        return {
            "partner_latitude": latitude + (seed % 17 - 8) / 1000,
            "partner_longitude": longitude + (seed % 23 - 11) / 1000,
        }

    def _draw_phone(self, rng, zip_code):
        area = {"38": "76", "74": "50", "73": "79", "01": "50", "42": "77"}
        return f"+33 4 {area.get(zip_code[:2], '78')} {self._draw_digits(rng, 3)}"

    def _draw_digits(self, rng, pairs=4):
        return " ".join(f"{rng.randrange(100):02d}" for _pair in range(pairs))
