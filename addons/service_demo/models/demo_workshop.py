from datetime import timedelta

from odoo import api, models

from ..catalogue.preventive import LOANS, TOOLS, VAN_RULES


class ServiceDemo(models.AbstractModel):
    _inherit = "service.demo"

    @api.model
    def _create_tools(self):
        """Shared tools with their calibration; the work to come has taken some."""
        self._make(
            "service.tool",
            {
                key: {
                    "name": name,
                    "serial_number": number,
                    "company_id": self._ref("company").id,
                    "agency_id": self._ref(f"agency_{agency}").id,
                    "check_date": self._day(days),
                }
                for key, (name, number, agency, days, _competence) in TOOLS.items()
            },
            "tool",
        )
        for key, (_name, _number, agency, days, competence) in TOOLS.items():
            if not competence:
                continue
            work = self._model("service.intervention").search(
                [
                    ("agency_id", "=", self._ref(f"agency_{agency}").id),
                    ("state", "in", ("planned", "dispatched")),
                    ("planned_end", "<", self._at(self._day(days), 8)),
                    (
                        "request_id.competence_id",
                        "child_of",
                        self._ref(f"competence_{competence}").id,
                    ),
                ],
                order="planned_start",
                limit=1,
            )
            work.tool_ids = self._ref(f"tool_{key}")

    @api.model
    def _fill_vans(self):
        """The van of one technician always holds some wear parts; one of them runs out."""
        hugo = self._ref("employee_hugo")
        hugo.action_view_van_rules()
        self._model("stock.warehouse.orderpoint").create(
            [
                {
                    "product_id": self._ref(f"part_{part}").id,
                    "location_id": hugo.stock_location_id.id,
                    "warehouse_id": self._ref("warehouse_lyon").id,
                    "trigger": "manual",
                    "product_min_qty": least,
                    "product_max_qty": most,
                }
                for part, least, most in VAN_RULES
            ]
        )

    @api.model
    def _lend_machines(self):
        """Robots of our own stand in for those in the workshop; one should be back by now."""
        product = self._ref("product_robot")
        warehouse = self._ref("warehouse_lyon")
        lots = self._make(
            "stock.lot",
            {
                serial: {
                    "name": serial,
                    "product_id": product.id,
                    "company_id": self._ref("company").id,
                }
                for serial, *_other in LOANS
            },
            "lot",
        )
        counts = [
            {
                "product_id": product.id,
                "lot_id": lot.id,
                "location_id": warehouse.lot_stock_id.id,
                "inventory_quantity": 1,
            }
            for lot in lots
        ]
        quants = self._model("stock.quant").with_context(inventory_mode=True).create(counts)
        quants.action_apply_inventory()
        replaced = self._model("service.equipment").search(
            [("product_id", "=", product.id), ("state", "in", ("in_service", "in_repair"))],
            order="state, id",
            limit=len(LOANS),
        )
        loans = self._model("service.loan").create(
            [
                {
                    "equipment_id": machine.id,
                    "company_id": self._ref("company").id,
                    "user_id": self._ref("user_julien").id,
                    "product_id": product.id,
                    "warehouse_id": warehouse.id,
                    "loan_lot_id": lot.id,
                    "date_due": self._day(days),
                    "intervention_id": machine.intervention_ids.filtered(
                        lambda i: i.intervention_type == "workshop"
                    )[:1].id,
                }
                for machine, lot, (_serial, _key, days, _fate) in zip(
                    replaced, lots, LOANS, strict=False
                )
            ]
        )
        for loan, (_serial, _key, _days, fate) in zip(loans, LOANS, strict=False):
            if fate == "lent":
                loan.action_lend()
                loan.date_out = loan.date_due - timedelta(days=21)
        loans._cron_remind()
