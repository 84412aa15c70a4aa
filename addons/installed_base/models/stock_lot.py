from odoo import api, fields, models
from odoo.tools import SQL

from .readers import EQUIPMENT_READERS


class StockLot(models.Model):
    _inherit = "stock.lot"

    service_equipment_ids = fields.One2many(
        "service.equipment", "lot_id", string="Equipment", groups=EQUIPMENT_READERS
    )

    @api.model
    def _note_numbers(self, product, numbers):
        """The lots or serial numbers of a product that somebody read off; the new ones are added.

        :param product: product.product; one that is not tracked has none
        :param numbers: list of str
        """
        if product.tracking == "none":
            return self.browse()
        names = list(dict.fromkeys(number.strip() for number in numbers))
        # people in the field note numbers without any right in the stock
        lots_sudo = self.sudo()
        known = lots_sudo.search(
            [
                ("product_id", "=", product.id),
                ("name", "in", names),
                ("company_id", "in", [self.env.company.id, False]),
            ]
        )
        missing = [name for name in names if name not in known.mapped("name")]
        created = lots_sudo.create([{"product_id": product.id, "name": name} for name in missing])
        return (known | created).with_env(self.env)

    def action_view_service_equipment(self):
        """Open the machine that carries this serial number."""
        return self.service_equipment_ids._get_records_action(name=self.env._("Equipment"))

    def _serialize_deliveries(self):
        """Let deliveries of the same lot come one after the other.

        Without this, two that are validated at the same moment would not see each other's machine
        and make it twice. PostgreSQL refuses the second one, and Odoo tries it again.
        """
        if self:
            self.env.cr.execute(
                SQL("UPDATE stock_lot SET name = name WHERE id IN %s", tuple(self.ids))
            )

    def _find_purchase_receipts(self, companies):
        """Return ``{(res.company, stock.lot): stock.move}``: the last purchase of each lot."""
        received = self.env["stock.move.line"].search(
            [
                ("company_id", "in", companies.ids),
                ("lot_id", "in", self.ids),
                ("state", "=", "done"),
                ("move_id.purchase_line_id", "!=", False),
                ("location_id.usage", "!=", "internal"),
            ],
            order="id",
        )
        return {(line.company_id, line.lot_id): line.move_id for line in received}
