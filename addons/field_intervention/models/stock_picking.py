from odoo import api, fields, models
from odoo.fields import Command


class StockPicking(models.Model):
    _inherit = "stock.picking"

    intervention_id = fields.Many2one(
        "service.intervention", index="btree_not_null", readonly=True, copy=False
    )
    service_loan_id = fields.Many2one(
        "service.loan", string="Loan", index="btree_not_null", readonly=True, copy=False
    )

    def _get_open_fetches(self):
        """Those of these transfers that still have to bring parts for an intervention."""
        return self.filtered(
            lambda picking: (
                picking.state not in ("done", "cancel")
                and picking.picking_type_id.code == "internal"
                and picking.location_dest_id != picking.picking_type_id.warehouse_id.lot_stock_id
            )
        )

    @api.model
    def _move_machine(self, picking_type, source, destination, product, lot, owner=None, **values):
        """Transfer one machine that is at hand, at once.

        :param picking_type: stock.picking.type of the transfer
        :param source: stock.location where it is
        :param destination: stock.location where it goes
        :param product: the product.product
        :param lot: its stock.lot; empty for a product that is not tracked
        :param owner: the res.partner whose machine it is, when it is not ours
        :param values: further values of the transfer
        :return: the done stock.picking
        """
        places = {"location_id": source.id, "location_dest_id": destination.id}
        line = {"product_id": product.id, "lot_id": lot.id, "quantity": 1, **places}
        if owner:
            line["owner_id"] = owner.id
        picking = self.create(
            {
                "picking_type_id": picking_type.id,
                **places,
                **values,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_qty": 1,
                            **places,
                            "move_line_ids": [Command.create(line)],
                        }
                    )
                ],
            }
        )
        picking.move_ids.move_line_ids.picking_id = picking
        picking.move_ids._action_confirm(merge=False)
        picking.move_ids.picked = True
        picking.move_ids._action_done()
        return picking
