from odoo import api, models

CHARGED = ("fitness_bron", "camping_ravoire")


class ServiceDemo(models.AbstractModel):
    _inherit = "service.demo"

    @api.model
    def _charge_small_supplies(self):
        """Two percent of small supplies at the foot of the invoices of some customers."""
        supplies = self._create_named_products(
            "service",
            {
                "supplies": {
                    **self._prepare_product("FOUR", ("Small Supplies",), 0, 0),
                    "type": "service",
                    "categ_id": self._ref("category_services").id,
                }
            },
            [("Small Supplies", "Petites fournitures", "小件耗材")],
        )
        self._model("service.billing.charge").create(
            [
                {
                    "partner_id": customer.id,
                    "product_id": supplies.id,
                    "computation": "percent",
                    "value": 2,
                }
                for customer in self._refs("customer", CHARGED)
            ]
        )
