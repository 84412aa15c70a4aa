from odoo import api, models

from ..catalogue.agencies import AGENCIES
from ..catalogue.parts import PARTS
from ..catalogue.people import COMPETENCES, STAFF


class ServiceDemo(models.AbstractModel):
    _inherit = "service.demo"

    @api.model
    def _stock_spare_parts(self):
        """Count spare parts into the warehouses and, by what a technician can do, into the vans."""
        rng = self._random()
        shelves = [self._ref(f"warehouse_{key}").lot_stock_id for key in AGENCIES]
        values = [
            self._prepare_count(part, shelf, rng.randint(4, 20))
            for shelf in shelves
            for part in PARTS
        ]
        for login, (_name, role, _agency) in STAFF.items():
            if role != "technician":
                continue
            loads = self._get_families(login)
            values += [
                self._prepare_count(part, self._ref(f"van_{login}"), rng.randint(8, 14))
                for part, details in PARTS.items()
                if details[5] in loads
            ]
        quants = self._model("stock.quant").with_context(inventory_mode=True).create(values)
        quants.action_apply_inventory()

    @api.model
    def _stock_numbered_parts(self):
        """One part of each piece of which the number counts, in two vans."""
        names = ("Burner control unit", "Coffret de sécurité brûleur", "燃烧器控制器")
        values = {
            **self._prepare_product("P-1180", names, 245, 130),
            "is_storable": True,
            "tracking": "serial",
            "categ_id": self._ref("category_parts").id,
            "seller_ids": [self._prepare_seller("pieces", 130)],
        }
        part = self._create_named_products("part", {"control_unit": values}, [names])
        lots = self._model("stock.lot").create(
            [{"product_id": part.id, "name": f"CU-26-{number}"} for number in (4011, 4012, 4013)]
        )
        counts = [
            {**self._prepare_count("control_unit", self._ref(f"van_{login}"), 1), "lot_id": lot.id}
            for login, lot in zip(("hugo", "hugo", "emma"), lots, strict=True)
        ]
        quants = self._model("stock.quant").with_context(inventory_mode=True).create(counts)
        quants.action_apply_inventory()

    def _get_families(self, login):
        """Whether a technician works on heating, pools or both."""
        families = {
            family
            for _code, _names, family, users in COMPETENCES.values()
            if login in users and family
        }
        return families or {"heating"}

    def _prepare_count(self, part, location, quantity):
        return {
            "product_id": self._ref(f"part_{part}").id,
            "location_id": location.id,
            "inventory_quantity": quantity,
        }
