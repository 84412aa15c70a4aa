from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Command


class ServiceDemo(models.AbstractModel):
    """What happens at the desk: time is logged, machines come by a filter, points are kept."""

    _inherit = "service.demo"

    @api.model
    def _work_at_the_desk(self):
        """Logged time, an autumn check by a saved filter, a call paid by points, escalations."""
        self._log_time()
        self._check_machines_in_autumn()
        self._spend_points()
        self.env["service.escalation.rule"]._cron_escalate()

    def _log_time(self):
        """Claire and Nadia spoke with the customers of what goes on."""
        requests = self._get_requests("progress") + self._get_requests("waiting")
        now = fields.Datetime.now()
        self._model("service.time.log").create(
            [
                {
                    "request_id": request.id,
                    "user_id": self._ref(f"user_{login}").id,
                    "start": now - timedelta(minutes=ago),
                    "stop": now - timedelta(minutes=ago - length),
                    "note": note,
                }
                for request in requests
                for login, ago, length, note in (
                    ("claire", 180 + request.id % 60, 20, "Échange avec le client"),
                    ("nadia", 90 + request.id % 40, 10, "Appel au fabricant"),
                )
            ]
        )

    def _check_machines_in_autumn(self):
        """A preventive request whose machines a saved filter names."""
        pools = self._ref("category_pools")
        saved = self.env["ir.filters"].create(
            {
                "name": "Piscines en service",
                "model_id": "service.equipment",
                "domain": f"[('product_categ_id', '=', {pools.id}), ('state', '=', 'in_service')]",
                "user_ids": [Command.clear()],
            }
        )
        groups = self._model("service.equipment")._read_group(
            [("product_categ_id", "=", pools.id), ("state", "=", "in_service")],
            ["partner_id"],
            ["__count"],
            order="__count desc, partner_id",
            limit=1,
        )
        request = (
            self._model("service.request")
            .with_user(self._ref("user_claire"))
            .create(
                {
                    "company_id": self._ref("company").id,
                    "partner_id": groups[0][0].id,
                    "title": "Contrôle d'automne de toutes les piscines",
                    "type_id": self.env.ref("service_request.service_request_type_preventive").id,
                    "equipment_mode": "filtered",
                    "equipment_filter_id": saved.id,
                }
            )
        )
        request.action_fill_equipment()

    def _spend_points(self):
        """A customer without warranty calls, and has points."""
        machines = self._model("service.equipment").search(
            [("state", "=", "in_service"), ("company_id", "=", self._ref("company").id)]
        )
        contracts = self._model("service.contract").search(
            [("kind", "=", "points"), ("state", "=", "active")]
        )
        able = machines.filtered(lambda m: m.partner_id in contracts.partner_id)
        items = [{"equipment_id": machine.id} for machine in able]
        answers = self._model("service.contract")._cover(items, self._today())
        paid = [
            machine
            for machine, answer in zip(able, answers, strict=True)
            if answer["contract_id"] in contracts.ids
        ]
        self._model("service.request").with_user(self._ref("user_claire")).create(
            {
                "company_id": self._ref("company").id,
                "partner_id": paid[0].partner_id.id,
                "title": "L'afficheur reste noir",
                "equipment_line_ids": [Command.create({"equipment_id": paid[0].id})],
            }
        )
