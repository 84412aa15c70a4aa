from odoo import api, models
from odoo.fields import Command

METERED = 2


class ServiceDemo(models.AbstractModel):
    _inherit = "service.demo"

    @api.model
    def _bill_contracts(self):
        """Two contracts bill hours by the meter; they and one more are invoiced as they run."""
        contracts = self._get_metered_contracts()
        hours = self.env.ref("installed_base.service_meter_type_hours")
        for contract in contracts:
            contract.meter_term_ids = [
                Command.create(
                    {
                        "meter_type_id": hours.id,
                        "included": 500,
                        "is_shared": True,
                        "tier_ids": [
                            Command.create({"from_quantity": 0, "price_unit": 0.18}),
                            Command.create({"from_quantity": 500, "price_unit": 0.12}),
                        ],
                    }
                )
            ]
            contract.write({"invoice_interval": 3, "invoice_interval_unit": "month"})
        billed = contracts | self._ref("maintenance_hotel_evian")
        invoices = (
            billed.with_user(self._ref("user_isabelle"))
            ._create_instalment_invoices(self._today())
            .sudo()
        )
        invoices.invoice_date = self._today()
        invoices[:-1].action_post()
        # what comes next is known already
        billed._generate_instalments(self._day(100))

    def _get_metered_contracts(self):
        """Old enough maintenance contracts of machines whose hours are read."""
        hours = self.env.ref("installed_base.service_meter_type_hours")
        meters = self._model("service.meter").search([("type_id", "=", hours.id)])
        contracts = self._model("service.contract").search(
            [
                ("kind", "=", "maintenance"),
                ("state", "=", "active"),
                ("date_start", "<=", self._day(-120)),
                ("meter_term_ids", "=", False),
                ("company_id", "=", self._ref("company").id),
            ],
            order="id",
        )
        return contracts.filtered(lambda c: c.equipment_ids & meters.equipment_id)[:METERED]

    @api.model
    def _sell_points(self):
        """A pack of ten points: sold, invoiced and paid, it refills the card of its customer."""
        pack = self._create_named_products(
            "contract",
            {
                "points_10": {
                    **self._prepare_product("PTS-10", ("10 Points",), 450, 0),
                    "type": "service",
                    "categ_id": self._ref("category_services").id,
                    "service_points": 10,
                    "invoice_policy": "order",
                }
            },
            [("10 Points", "10 points", "10 点")],
        )
        order = self._model("sale.order").create(
            {
                "partner_id": self._ref("customer_perrier").id,
                "company_id": self._ref("company").id,
                "user_id": self._ref("user_philippe").id,
                "order_line": [Command.create({"product_id": pack.id, "product_uom_qty": 1})],
            }
        )
        order.action_confirm()
        invoice = order._create_invoices()
        invoice.invoice_date = self._today()
        invoice.action_post()
        register = self._model("account.payment.register").with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        register.create({})._create_payments()
