from odoo import api, models
from odoo.fields import Command

from ..catalogue.contracts import SOLD, TEMPLATES


class ServiceDemo(models.AbstractModel):
    _inherit = "service.demo"

    @api.model
    def _create_contract_templates(self):
        """Warranties, maintenance contracts and points cards, and the services that sell them."""
        templates = self._make(
            "service.contract.template",
            {
                key: {
                    **self._prepare_template(*template),
                    "coverage_ids": [Command.create(line) for line in self._get_promises(key)],
                    "commitment_ids": [Command.create(line) for line in self._get_commitments(key)],
                }
                for key, template in TEMPLATES.items()
            },
            "template",
        )
        self._translate(templates, [template[0] for template in TEMPLATES.values()])
        templates.filtered(lambda t: t.kind == "maintenance").index_id = self._create_index()
        self._ref("template_hours").write(
            {
                "renewal": "quote",
                "meter_term_ids": [Command.create(self._prepare_meter_term())],
            }
        )
        card = self._ref("template_points")
        card.write(
            {"points": 20, "invoice_interval": card.duration, "invoice_interval_unit": "month"}
        )
        self._create_named_products(
            "contract",
            {
                key: {
                    **self._prepare_product(reference, TEMPLATES[key][0], TEMPLATES[key][4], 0),
                    "type": "service",
                    "categ_id": self._ref("category_services").id,
                    "service_contract_template_id": self._ref(f"template_{key}").id,
                }
                for key, reference in SOLD.items()
            },
            [TEMPLATES[key][0] for key in SOLD],
        )
        for key in SOLD:
            self._ref(f"template_{key}").product_id = self._ref(f"contract_{key}")

    def _prepare_meter_term(self):
        """A year's price includes 1,500 hours of each machine; what goes beyond costs by tiers."""
        tiers = {0: 0.35, 500: 0.25, 1500: 0.15}
        return {
            "meter_type_id": self.env.ref("installed_base.service_meter_type_hours").id,
            "included": 1500,
            "tier_ids": [
                Command.create({"from_quantity": start, "price_unit": price})
                for start, price in tiers.items()
            ],
        }

    def _create_index(self):
        """The cost of labour, which the prices of maintenance follow."""
        name = ("Cost of Labour", "Coût horaire du travail", "劳动力成本")
        values = {-1200: 118.7, -800: 121.2, -420: 124.6, -60: 127.3}
        index = self._make(
            "service.index",
            {
                "labour": {
                    "name": name[0],
                    "company_id": self._ref("company").id,
                    "value_ids": [
                        Command.create({"date": self._day(days), "value": value})
                        for days, value in values.items()
                    ],
                }
            },
            "index",
        )
        self._translate(index, [name])
        return index

    def _prepare_template(self, names, kind, months, start_on, price):
        maintenance = kind == "maintenance"
        return {
            "name": names[0],
            "kind": kind,
            "company_id": self._ref("company").id,
            "currency_id": self.env.ref("base.EUR").id,
            "duration": months,
            "start_on": start_on,
            "price": price,
            "renewal": "auto" if maintenance else "none",
            "notice_days": 60 if maintenance else 0,
        }

    def _get_promises(self, key):
        """What a template promises; rates are parts, labour, travel."""

        def rates(parts, labor, travel):
            return {"parts_rate": parts, "labor_rate": labor, "travel_rate": travel}

        pools = {"product_category_id": self._ref("category_pools").id, "scope": "category"}
        promises = {
            "parts": [rates(100, 0, 0)],
            "no_wear": [
                rates(100, 100, 100),
                {"is_exclusion": True, "component_category_id": self._ref("category_wear").id},
            ],
            "basic": [{**rates(0, 100, 100), "request_limit": 6}],
            "hours": [
                {**rates(100, 100, 100), "hour_limit": 20, "amount_limit": 1500, "deductible": 40}
            ],
            "pool_season": [
                {
                    **rates(50, 100, 100),
                    "competence_ids": [Command.set(self._ref("competence_pool").ids)],
                }
            ],
            "campsite": [{**rates(100, 100, 50), **pools}],
            "points": [{"scope": "customer", "points_per_request": 2, "points_per_hour": 1}],
        }
        return promises.get(key, [rates(100, 100, 100)])

    def _get_commitments(self, key):
        """How fast we are: the dearer the contract, the faster."""
        opening_hours = self._ref("calendar_lyon").id
        slow = {
            "response_hours": 8,
            "resolution_hours": 24,
            "resource_calendar_id": opening_hours,
        }
        return {
            "serenity": [
                {"blocking": True, "response_hours": 1, "onsite_hours": 4, "resolution_hours": 12},
                {**slow, "resolution_hours": 16},
            ],
            "campsite": [
                {"blocking": True, "response_hours": 2, "onsite_hours": 8, "resolution_hours": 24},
                slow,
            ],
            "basic": [slow],
            "full": [{"blocking": True, "resolution_hours": 48}, slow],
            "commissioned": [{"blocking": True, "resolution_hours": 48}, slow],
        }.get(key, [])
