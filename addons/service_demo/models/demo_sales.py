from collections import Counter

from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.fields import Command

from ..catalogue.customers import CUSTOMERS, KITS
from ..catalogue.products import MACHINES

ORDERS = 45
ROUNDS = 4
OLDEST, NEWEST = 1430, 14
# which of the last orders sold a contract together with the machines
SOLD_TOGETHER = {-3: "serenity", -6: "basic", -9: "serenity", -12: "pool_season"}


class ServiceDemo(models.AbstractModel):
    _inherit = "service.demo"

    @api.model
    def _sell_machines(self):
        """Four years of business: buy machines, sell and deliver them, a year at a time.

        What a delivery makes is stamped with the present; each round is moved to its time before
        the next one begins, so that the stock leaves in the order in which it came.
        """
        plans = self._plan_sales()[0]
        size = -(-len(plans) // ROUNDS)
        serials = Counter()
        for first in range(0, len(plans), size):
            plan = plans[first : first + size]
            self._buy(plan, serials)
            orders = self._sell(plan)
            self._deliver(orders, plan)
        self._set_external_ids(
            {plan["name"]: order for plan, order in zip(plans, self._find_orders(), strict=True)},
            "order",
        )

    def _plan_sales(self):
        """Which kits were sold, oldest first, and which ones were there before us.

        :return: two lists of ``{name, customer, site number, kit, ordered, delivered}``; what we
            did not sell has no dates
        """
        rng = self._random()
        kits = [
            {
                "name": f"{key}_{number}",
                "customer": key,
                "site": number % max(len(customer[5]), 1),
                "kit": kit,
            }
            for key, customer in CUSTOMERS.items()
            for number, kit in enumerate(customer[2])
        ]
        rng.shuffle(kits)
        sold, reported = kits[:ORDERS], kits[ORDERS:]
        for number, plan in enumerate(sold):
            age = NEWEST + (OLDEST - NEWEST) * ((ORDERS - 1 - number) / (ORDERS - 1)) ** 1.3
            plan["ordered"] = self._day(-int(age) - rng.randint(14, 21))
            plan["delivered"] = self._day(-int(age))
        for number, template in SOLD_TOGETHER.items():
            sold[number]["contract"] = template
        return sold, reported

    def _buy(self, plan, serials):
        """Order the machines of a round from their suppliers and receive them, with serials."""
        needed = Counter()
        for sale in plan:
            needed.update(dict(KITS[sale["kit"]]))
        day = self._day((plan[0]["delivered"] - self._today()).days - 30)
        company = self._ref("company")
        by_supplier = {}
        for key, quantity in needed.items():
            by_supplier.setdefault(MACHINES[key][6], []).append((key, quantity))
        purchases = self._model("purchase.order").create(
            [
                {
                    "partner_id": self._ref(f"supplier_{supplier}").id,
                    "company_id": company.id,
                    "picking_type_id": self._ref("warehouse_lyon").in_type_id.id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": self._ref(f"product_{key}").id,
                                "product_qty": quantity,
                                "price_unit": MACHINES[key][4],
                            }
                        )
                        for key, quantity in lines
                    ],
                }
                for supplier, lines in by_supplier.items()
            ]
        )
        purchases.button_confirm()
        receipts = purchases.picking_ids
        for line in receipts.move_ids.move_line_ids:
            product = line.product_id
            if product.tracking != "none":
                serials[product] += 1
                line.lot_name = f"{product.default_code}-{day:%y}{serials[product]:03d}"
        receipts.move_ids.picked = True
        receipts.button_validate()
        purchases.write({"date_order": self._at(day, 9), "date_approve": self._at(day, 9)})
        self._move_to_day(receipts, day)

    def _sell(self, plan):
        orders = self._model("sale.order").create([self._prepare_order(sale) for sale in plan])
        orders.action_confirm()
        for order, sale in zip(orders, plan, strict=True):
            order.date_order = self._at(sale["ordered"], 10)
        return orders

    def _prepare_order(self, sale):
        products = [
            (self._ref(f"product_{key}").id, quantity) for key, quantity in KITS[sale["kit"]]
        ]
        if "contract" in sale:
            products.append((self._ref(f"contract_{sale['contract']}").id, 1))
        customer = self._ref(f"customer_{sale['customer']}")
        return {
            "partner_id": customer.id,
            "partner_shipping_id": self._get_sites(sale["customer"])[sale["site"]].id,
            "company_id": self._ref("company").id,
            "warehouse_id": self._ref("warehouse_lyon").id,
            "user_id": self._ref("user_philippe").id,
            "order_line": [
                Command.create({"product_id": product, "product_uom_qty": quantity})
                for product, quantity in products
            ],
        }

    def _deliver(self, orders, plan):
        """Deliver the orders of a round, then move the machines and the promises to their day."""
        pickings = orders.picking_ids
        pickings.move_ids.picked = True
        pickings.button_validate()
        machines = self._model("service.equipment").search(
            [("sale_line_id.order_id", "in", orders.ids)]
        )
        contracts = self._model("service.contract").search(
            ["|", ("picking_id", "in", pickings.ids), ("sale_order_id", "in", orders.ids)]
        )
        for order, sale in zip(orders, plan, strict=True):
            day = sale["delivered"]
            self._move_to_day(order.picking_ids, day)
            delivered = machines.filtered(lambda m, o=order: m.sale_line_id.order_id == o)
            delivered.write({"delivery_date": day, "installation_date": day})
            delivered.component_ids.install_date = day
            delivered.event_ids.date = self._at(day, 11)
            for machine in delivered.filtered(lambda m: not m.lot_id):
                months = machine.product_id.supplier_warranty_months
                machine.supplier_warranty_start = day
                machine.supplier_warranty_end = day + relativedelta(months=months, days=-1)
            (
                contracts.filtered(lambda c, o=order: c.picking_id in o.picking_ids)
                | contracts.filtered(lambda c, o=order: c.sale_order_id == o)
            ).date_start = day

    def _move_to_day(self, pickings, day):
        """Let done transfers have happened on a day."""
        moment = {"date": self._at(day, 11)}
        pickings.move_ids.write(moment)
        pickings.move_ids.move_line_ids.write(moment)
        pickings.date_done = moment["date"]

    def _find_orders(self):
        return self._model("sale.order").search(
            [("company_id", "=", self._ref("company").id)], order="id"
        )
