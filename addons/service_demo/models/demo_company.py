import json

from odoo import api, models
from odoo.fields import Command

from ..catalogue.agencies import AGENCIES, COMPANY, SECTORS
from ..catalogue.places import AREAS, PLACES

OPENING = [("morning", 8.0, 12.0), ("afternoon", 13.5, 17.5)]


class ServiceDemo(models.AbstractModel):
    _inherit = "service.demo"

    @api.model
    def _create_company(self):
        """A French company in euro, with its accounts, first for the administrator."""
        france = self.env.ref("base.fr")
        company = self.env["res.company"].create({**COMPANY, "country_id": france.id})
        self._set_external_ids({"company": company})
        company.partner_id.tz = "Europe/Paris"
        company.partner_id.lang = self._get_language()
        company.write(
            {
                "logo": False,
                "external_report_layout_id": self.env.ref("web.external_layout_standard").id,
                "alias_domain_id": self._create_alias_domain().id,
            }
        )
        # not try_loading: it warns while modules are being loaded
        self.env["account.chart.template"]._load("generic_coa", company, install_demo=False)
        company.write(
            {"currency_id": self.env.ref("base.EUR").id, "account_fiscal_country_id": france.id}
        )
        for model in ("account.tax.group", "account.tax", "account.fiscal.position"):
            records = self._model(model).search([("company_id", "=", company.id)])
            records.filtered("country_id").country_id = france
        taxes = company.account_sale_tax_id | company.account_purchase_tax_id
        taxes.tax_group_id.name = "TVA 20 %"
        taxes.write(
            {"name": "TVA 20 %", "amount": 20, "invoice_label": "TVA 20 %", "description": False}
        )
        admin = self.env.ref("base.user_admin")
        admin.company_ids = [Command.link(company.id)]
        admin.company_id = company
        for group in ("stock.group_production_lot", "stock.group_stock_multi_locations"):
            self.env.ref("base.group_user")._apply_group(self.env.ref(group))

    def _get_language(self):
        """What these people speak: French, where it is installed."""
        french = self.env["res.lang"]._lang_get("fr_FR")
        return french.code or self.env.lang or "en_US"

    def _create_alias_domain(self):
        """Where mail to the queues goes."""
        domain = COMPANY["email"].partition("@")[2]
        return self._make("mail.alias.domain", {"mail": {"name": domain}}, "domain")

    @api.model
    def _create_agencies(self):
        """Three branches with their opening hours; the first is the one every company has."""
        company = self._ref("company")
        france = self.env.ref("base.fr")
        addresses = self._make(
            "res.partner",
            {
                key: {
                    "name": f"Agence {name}",
                    "parent_id": company.partner_id.id,
                    "type": "other",
                    "street": street,
                    "zip": zip_code,
                    "city": city,
                    "country_id": france.id,
                    "phone": phone,
                    "lang": self._get_language(),
                    "tz": "Europe/Paris",
                }
                for key, (name, _code, street, zip_code, city, phone, _sat) in AGENCIES.items()
            },
            "agency_address",
        )
        calendars = self._make(
            "resource.calendar",
            {
                key: self._prepare_opening_hours(name, saturday)
                for key, (name, _code, _street, _zip, _city, _phone, saturday) in AGENCIES.items()
            },
            "calendar",
        )
        agencies = self._model("service.agency")
        for sequence, (key, address, calendar) in enumerate(
            zip(AGENCIES, addresses, calendars, strict=True), 1
        ):
            name, code = AGENCIES[key][:2]
            warehouse = self._create_warehouse(key, name, code, address)
            values = {
                "name": name,
                "code": code,
                "sequence": sequence,
                "company_id": company.id,
                "partner_id": address.id,
                "warehouse_id": warehouse.id,
                "resource_calendar_id": calendar.id,
            }
            agency = agencies
            if key == next(iter(AGENCIES)):
                agency = agencies.search([("company_id", "=", company.id)])
                agency.write(values)
            self._set_external_ids({key: agency or agencies.create(values)}, "agency")
        company.resource_calendar_id = calendars[0]

    def _prepare_opening_hours(self, name, saturday):
        days = [(day, period) for day in range(5) for period in OPENING]
        if saturday:
            days.append((5, OPENING[0]))
        return {
            "name": f"Horaires {name}",
            "tz": "Europe/Paris",
            "company_id": self._ref("company").id,
            "attendance_ids": [
                Command.clear(),
                *(
                    Command.create(
                        {
                            "name": period,
                            "dayofweek": str(day),
                            "hour_from": start,
                            "hour_to": end,
                            "day_period": period,
                        }
                    )
                    for day, (period, start, end) in days
                ),
            ],
        }

    def _create_warehouse(self, key, name, code, address):
        """The warehouse of an agency; a company may have its first one already."""
        company = self._ref("company")
        warehouses = self._model("stock.warehouse")
        codes = [agency[1] for agency in AGENCIES.values()]
        unnamed = warehouses.search([("company_id", "=", company.id), ("code", "not in", codes)])
        values = {"name": f"Dépôt {name}", "code": code, "partner_id": address.id}
        if unnamed:
            unnamed.write(values)
        warehouse = unnamed or warehouses.create({**values, "company_id": company.id})
        self._set_external_ids({key: warehouse}, "warehouse")
        return warehouse

    @api.model
    def _create_sectors(self):
        """Areas by zip code; a smaller area may belong to another agency than the one around it."""
        for with_family in (False, True):
            self._make(
                "service.sector",
                {
                    key: {
                        "name": name,
                        "code": code,
                        "agency_id": self._ref(f"agency_{agency}").id,
                        "parent_id": with_family and self._ref(f"sector_{family}").id,
                        "rule_ids": [Command.create(self._prepare_rule(rule)) for rule in rules],
                    }
                    for key, (name, code, agency, family, rules) in SECTORS.items()
                    if bool(family) == with_family
                },
                "sector",
            )

    def _prepare_rule(self, rule):
        france = self.env.ref("base.fr").id
        if isinstance(rule, str):
            return {"zip_prefix": rule, "country_id": france}
        return {"zip_from": rule[0], "zip_to": rule[1], "country_id": france}

    @api.model
    def _draw_map(self):
        """Where the agencies are and, roughly, what they look after."""
        for key in AGENCIES:
            home = self._ref(f"agency_{key}").partner_id
            home.partner_latitude, home.partner_longitude = PLACES[home.city]
        for key, corners in AREAS.items():
            ring = [list(corner) for corner in (*corners, corners[0])]
            self._ref(f"sector_{key}").boundary = json.dumps(
                {"type": "Polygon", "coordinates": [ring]}
            )
