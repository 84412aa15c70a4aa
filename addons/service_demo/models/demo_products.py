from odoo import api, models
from odoo.fields import Command

from ..catalogue.parts import PARTS, SUBSTITUTES
from ..catalogue.products import CATEGORIES, MACHINES, SERVICES, SUPPLIERS, SYSTEMS


class ServiceDemo(models.AbstractModel):
    _inherit = "service.demo"

    @api.model
    def _create_suppliers(self):
        self._make(
            "res.partner",
            {
                key: {
                    "name": name,
                    "is_company": True,
                    "supplier_rank": 1,
                    "is_service_principal": is_principal,
                    "country_id": self.env.ref("base.fr").id,
                    "lang": self._get_language(),
                    "email": f"service@{key}.example.com",
                }
                for key, (name, is_principal) in SUPPLIERS.items()
            },
            "supplier",
        )

    @api.model
    def _create_products(self):
        """Categories, spare parts, services, and what technical rooms are recorded as."""
        for with_parent in (False, True):
            self._make(
                "product.category",
                {
                    key: {"name": name, "parent_id": with_parent and self._ref(f"category_{up}").id}
                    for key, (name, up) in CATEGORIES.items()
                    if bool(up) == with_parent
                },
                "category",
            )
        self._create_named_products(
            "part",
            {
                key: {
                    **self._prepare_product(ref, names, price, cost),
                    "is_storable": True,
                    "categ_id": self._ref("category_wear" if wears else "category_parts").id,
                    "seller_ids": [self._prepare_seller("pieces", cost)],
                }
                for key, (ref, names, price, cost, wears, _van) in PARTS.items()
            },
            [names for _ref, names, *_other in PARTS.values()],
        )
        self._create_named_products(
            "service",
            {
                key: {
                    **self._prepare_product(ref, names, price, price / 2),
                    "type": "service",
                    "uom_id": self.env.ref(uom).id,
                    "categ_id": self._ref("category_services").id,
                }
                for key, (ref, names, price, uom) in SERVICES.items()
            },
            [names for _ref, names, _price, _uom in SERVICES.values()],
        )
        subcontracted = self._ref("service_subcontracted")
        self._ref("company").service_subcontract_product_id = subcontracted
        self._make(
            "service.time.product",
            {
                kind: {
                    "consumed_by": kind,
                    "product_id": self._ref(f"service_{product}").id,
                    "company_id": self._ref("company").id,
                }
                for kind, product in (("work", "labor"), ("travel", "travel"))
            },
            "time_product",
        )
        self._create_named_products(
            "system",
            {
                key: {**self._prepare_product(ref, names, 0, 0), "sale_ok": False}
                for key, (ref, names) in SYSTEMS.items()
            },
            [names for _ref, names in SYSTEMS.values()],
        )

    @api.model
    def _create_machine_products(self):
        """The machines with their suppliers, warranties and service BOMs."""
        machines = self._create_named_products(
            "product",
            {key: self._prepare_machine(key) for key in MACHINES},
            [machine[1] for machine in MACHINES.values()],
        )
        wear_parts = {key for key, part in PARTS.items() if part[4]}
        self._model("service.bom").create(
            [
                {
                    "product_tmpl_id": machine.product_tmpl_id.id,
                    "line_ids": [
                        Command.create(
                            {
                                "product_id": self._ref(f"part_{part}").id,
                                "quantity": quantity,
                                "position": position,
                                "is_wear_part": part in wear_parts,
                                "substitute_ids": self._prepare_substitutes(part),
                            }
                        )
                        for part, quantity, position in MACHINES[key][10]
                    ],
                }
                for key, machine in zip(MACHINES, machines, strict=True)
            ]
        )

    def _prepare_substitutes(self, part):
        if part not in SUBSTITUTES:
            return []
        substitute, days = SUBSTITUTES[part]
        return [
            Command.create(
                {
                    "product_id": self._ref(f"part_{substitute}").id,
                    "supersedes": days and self._day(-days),
                }
            )
        ]

    def _create_named_products(self, prefix, values, names):
        products = self._make("product.product", values, prefix)
        self._translate(products.product_tmpl_id, names)
        return products

    def _prepare_product(self, reference, names, price, cost):
        return {
            "name": names[0],
            "default_code": reference,
            "type": "consu",
            "list_price": price,
            "standard_price": cost,
            "company_id": self._ref("company").id,
        }

    def _prepare_machine(self, key):
        ref, names, category, price, cost, tracking, supplier, months, warranty = MACHINES[key][:9]
        return {
            **self._prepare_product(ref, names, price, cost),
            "is_storable": True,
            "tracking": tracking,
            "is_equipment": True,
            "categ_id": self._ref(f"category_{category}").id,
            "supplier_warranty_months": months,
            "warranty_template_id": self._ref(f"template_{warranty}").id,
            "seller_ids": [self._prepare_seller(supplier, cost)],
        }

    def _prepare_seller(self, supplier, price):
        return Command.create(
            {
                "partner_id": self._ref(f"supplier_{supplier}").id,
                "price": price,
                "delay": 7,
                "company_id": self._ref("company").id,
            }
        )
