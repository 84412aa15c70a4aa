from odoo import api, models
from odoo.fields import Command

# customer: template, start in days from today (None: not known yet), what became of it
MAINTENANCE = [
    ("hotel_lac", "serenity", -200, "active"),
    ("hotel_belvedere", "serenity", -310, "active"),
    ("hotel_glaciers", "serenity", -90, "active"),
    ("hotel_terreaux", "basic", -150, "active"),
    ("hotel_evian", "serenity", -120, "active"),
    ("camping_solitaire", "campsite", -400, "active"),
    ("camping_ravoire", "campsite", -250, "active"),
    ("camping_dombes", "pool_season", -60, "active"),
    ("camping_bourget", "campsite", -500, "suspended"),
    ("copro_gambetta", "basic", -330, "active"),
    ("copro_tete_or", "serenity", -30, "active"),
    ("bailleur_isere", "basic", -180, "active"),
    ("bailleur_loire", "hours", -320, "active"),
    ("bailleur_savoie", "basic", -20, "active"),
    ("ecole_condorcet", "serenity", -260, "active"),
    ("ecole_vaugelas", "basic", -700, "expired"),
    ("clinique_parc", "serenity", -100, "active"),
    ("clinique_leman", "serenity", -345, "renewed"),
    ("ehpad_voiron", "serenity", -280, "suspended"),
    ("mairie_megeve", "pool_season", -90, "active"),
    ("mairie_meylan", "serenity", -800, "expired"),
    ("mairie_bourgoin", "pool_season", None, "draft"),
    ("spa_divonne", "serenity", 20, "draft"),
    ("durand", "pool_season", -75, "active"),
    ("lefebvre", "serenity", -240, "terminated"),
    ("bouvier", "pool_season", -500, "expired"),
    ("restaurant_rumilly", "basic", -160, "leaving"),
    ("fitness_bron", "basic", None, "draft"),
]
# customer: start, points used so far, may go below zero
POINTS = {
    "mairie_villefranche": (-400, (2, 3.5, 2), False),
    "usine_oyonnax": (-320, (2, 4, 5, 3, 4), False),
    "perrier": (-150, (2,), False),
    "chavanne": (-560, (3, 6, 5, 4, 5), True),
    "ecole_stendhal": (-210, (2, 3), False),
}


class ServiceDemo(models.AbstractModel):
    _inherit = "service.demo"

    @api.model
    def _create_contracts(self):
        """Maintenance contracts in every state; a manufacturer is the principal of one of them."""
        contracts = self._make(
            "service.contract",
            {
                customer: self._prepare_contract(customer, template, start)
                for customer, template, start, _fate in MAINTENANCE
            },
            "maintenance",
        )
        self._ref("maintenance_hotel_terreaux").principal_id = self._ref("supplier_rhenania")
        fates = dict(zip(contracts, (fate for *_rest, fate in MAINTENANCE), strict=True))
        self._start_due_contracts()
        for contract, fate in fates.items():
            if fate == "suspended":
                contract.action_suspend("Loyers de contrat impayés", self._day(-25))
            elif fate == "terminated":
                contract.action_terminate("Maison vendue", self._day(-40))
            elif fate == "leaving":
                contract.action_terminate("Fermeture du restaurant", self._day(60))
            elif fate == "renewed":
                contract._renew()

    def _prepare_contract(self, customer, key, start):
        template = self._ref(f"template_{key}")
        machines = self._model("service.equipment").search(
            [
                ("partner_id", "=", self._ref(f"customer_{customer}").id),
                ("state", "=", "in_service"),
                ("parent_id", "=", False),
            ]
        )
        if key == "pool_season":
            pools = self._ref("category_pools")
            machines = machines.filtered(lambda m: m.product_categ_id == pools)
        return {
            "template_id": template.id,
            "company_id": self._ref("company").id,
            "partner_id": self._ref(f"customer_{customer}").id,
            "resource_calendar_id": self._ref("calendar_lyon").id,
            "date_start": start is not None and self._day(start),
            "coverage_ids": [
                Command.create(vals) for vals in template._prepare_coverage_values(machines)
            ],
        }

    @api.model
    def _create_points_contracts(self):
        """Points cards, with what was used of them."""
        contracts = self._make(
            "service.contract",
            {
                customer: {
                    "template_id": self._ref("template_points").id,
                    "company_id": self._ref("company").id,
                    "partner_id": self._ref(f"customer_{customer}").id,
                    "date_start": self._day(start),
                    "allow_overdraft": overdraft,
                }
                for customer, (start, _used, overdraft) in POINTS.items()
            },
            "points",
        )
        self._start_due_contracts()
        for contract, (start, used, _overdraft) in zip(contracts, POINTS.values(), strict=True):
            contract.points_move_ids.date = self._at(self._day(start), 8)
            for number, points in enumerate(used, 1):
                move = contract._move_points(-points, "debit", note=f"Intervention n° {number}")
                move.date = self._at(self._day(start + number * 35), 17)

    @api.model
    def _tighten_limits(self):
        """The agreement of a campsite has nearly used up what it allows."""
        line = self._ref("maintenance_camping_solitaire").coverage_ids[:1]
        period = {line.id: (line.date_start, line.date_end)}
        used = self._model("service.contract")._coverage_usage(line.ids, period)[line.id]
        line.write(
            {
                "request_limit": max(used["requests"], 1) + 1,
                "hour_limit": round(used["hours"] / 0.85, 2) or 4,
                "amount_limit": round(used["amount"] / 0.95, -1) or 500,
            }
        )

    def _start_due_contracts(self):
        """What the daily batch does, which would commit in the middle of the loading."""
        contracts = self._model("service.contract")
        contracts.search(contracts._get_activation_domain(self._today()))._activate()
        ended = contracts.search([("date_end", "<", self._today()), ("state", "=", "active")])
        ended.filtered(
            lambda c: (
                not any(line.date_end and line.date_end >= self._today() for line in c.coverage_ids)
            )
        )._expire()
