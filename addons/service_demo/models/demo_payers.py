from odoo import api, models
from odoo.fields import Command

# key: name, street, zip, city
PAYERS = {
    "insurer": ("Mutuelle des Alpes Assurances", "8 rue Royale", "74000", "Annecy"),
    "lessor": ("Alpes Bail Énergie", "22 cours Gambetta", "69003", "Lyon"),
}


class ServiceDemo(models.AbstractModel):
    _inherit = "service.demo"

    @api.model
    def _share_a_repair(self):
        """A water damage: the insurer pays 70 % of the repair, the lessor the journey."""
        payers = self._make(
            "res.partner",
            {
                key: {
                    **self._prepare_address(*values),
                    "is_company": True,
                    "email": f"sinistres@{key}.example.com",
                }
                for key, values in PAYERS.items()
            },
            "payer",
        )
        request = self._repair_water_damage()
        splits = (
            self._model("service.payer.split")
            .with_user(self._ref("user_isabelle"))
            .with_context(lang=self._get_language())
        )
        for payer, share in zip(
            (payers[0], payers[0], payers[1]),
            (
                {"scope": "part", "percent": 70},
                {"scope": "labor", "percent": 70},
                {"scope": "travel", "computation": "rest"},
            ),
            strict=True,
        ):
            splits.create(
                {"request_id": request.id, "partner_id": payer.id, **share}
            ).action_confirm()

    def _repair_water_damage(self):
        """The closed request, on a boiler that no contract covers."""
        day = self._day(-7)
        boilers = self._model("service.equipment").search(
            [
                ("company_id", "=", self._ref("company").id),
                ("state", "=", "in_service"),
                ("product_id", "=", self._ref("product_floor_boiler").id),
                ("partner_id.service_payer_id", "=", False),
                ("partner_id.service_blocked", "=", False),
            ],
            order="id",
        )
        keys = {self._ref("product_floor_boiler"): "floor_boiler"}
        machine = self._filter_covered(boilers, keys, "none", day)[0]
        plan = {
            "date": self._at(day, 8.5),
            "machine": machine,
            "story": (
                "hydraulics",
                "breakdown",
                "high",
                "Dégât des eaux en chaufferie",
                "Chaufferie inondée par une fuite de la toiture. Sinistre déclaré à l'assurance, "
                "déplacement à la charge du bailleur.",
            ),
        }
        values = {**self._prepare_request(plan), "principal_id": False}
        request = self._model("service.request").with_user(self._ref("user_claire")).create(values)
        self._set_external_ids({"water_damage": request}, "request")
        request.consumption_ids = [
            Command.create({"product_id": self._ref(name).id, "quantity": quantity})
            for name, quantity in (
                ("part_board", 1),
                ("part_safety_valve", 1),
                ("service_labor", 3),
                ("service_travel", 1),
            )
        ]
        request.action_close(undone="done")
        self._move_request(request.sudo())
        return request
