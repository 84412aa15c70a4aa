from odoo.fields import Command

from .common import InstalledBaseCommon


class DeliveryCommon(InstalledBaseCommon):
    """Products of each kind of tracking, and transfers without sale orders."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cable = cls._create_product(
            "Heating Cable", is_storable=True, tracking="lot", is_equipment=True
        )
        cls.radiator = cls._create_product("Radiator", is_storable=True, is_equipment=True)
        cls.customers = cls.env.ref("stock.stock_location_customers")
        cls.suppliers = cls.env.ref("stock.stock_location_suppliers")

    @classmethod
    def _transfer(cls, product, lots=(), quantity=1.0, partner=None, **values):
        """A transfer from our stock to a customer, ready to be validated.

        :param lots: ``{lot name: quantity}`` or serial numbers
        """
        quantities = lots if isinstance(lots, dict) else dict.fromkeys(lots, 1.0)
        values = {
            "picking_type_id": cls.warehouse.out_type_id.id,
            "location_id": cls.warehouse.lot_stock_id.id,
            "location_dest_id": cls.customers.id,
            "partner_id": (cls.site if partner is None else partner).id,
            **values,
        }
        picking = cls.env["stock.picking"].create(values)
        places = {
            "location_id": picking.location_id.id,
            "location_dest_id": picking.location_dest_id.id,
        }
        records = cls._get_lots(product, list(quantities)) if quantities else ()
        move = cls.env["stock.move"].create(
            {
                "picking_id": picking.id,
                "product_id": product.id,
                "product_uom_qty": sum(quantities.values()) or quantity,
                "company_id": picking.company_id.id,
                **places,
            }
        )
        picking.action_confirm()
        move.move_line_ids.unlink()
        move.move_line_ids = [
            Command.create(
                {
                    "product_id": product.id,
                    "lot_id": lot.id,
                    "quantity": quantities[lot.name],
                    "picking_id": picking.id,
                    **places,
                }
            )
            for lot in records
        ] or [Command.create({"product_id": product.id, "quantity": quantity, **places})]
        return picking

    @classmethod
    def _ship(cls, product, lots=(), quantity=1.0, partner=None, **values):
        """A done transfer from our stock to a customer; see `_transfer`."""
        picking = cls._transfer(product, lots, quantity, partner, **values)
        cls._validate(picking)
        return picking

    @classmethod
    def _send_back(cls, product, lots=(), quantity=1.0, partner=None):
        """A done transfer from a customer to our stock, made without the wizard for returns."""
        return cls._ship(
            product,
            lots,
            quantity,
            partner,
            picking_type_id=cls.warehouse.in_type_id.id,
            location_id=cls.customers.id,
            location_dest_id=cls.warehouse.lot_stock_id.id,
        )

    @classmethod
    def _sell(cls, product, quantity=1):
        """A confirmed order of the customer, to be delivered to the site."""
        order = cls.env["sale.order"].create(
            {
                "partner_id": cls.customer.id,
                "partner_shipping_id": cls.site.id,
                "order_line": [
                    Command.create({"product_id": product.id, "product_uom_qty": quantity})
                ],
            }
        )
        order.action_confirm()
        return order

    @classmethod
    def _validate(cls, picking):
        picking.move_ids.picked = True
        result = picking.with_context(skip_backorder=True).button_validate()
        assert result is True, result
        assert picking.state == "done", picking.state

    @classmethod
    def _return(cls, picking, quantity=None, serials=(), exchange=False):
        """Send goods of a done transfer back with Odoo's wizard; return the done transfer."""
        wizard = (
            cls.env["stock.return.picking"]
            .with_context(active_id=picking.id, active_model="stock.picking")
            .create({})
        )
        wizard.product_return_moves.quantity = quantity or len(serials)
        action = wizard.action_create_exchanges() if exchange else wizard.action_create_returns()
        back = cls.env["stock.picking"].browse(action["res_id"])
        if serials:
            back.move_line_ids.unlink()
            move = back.move_ids
            move.move_line_ids = [
                Command.create(
                    {
                        "product_id": move.product_id.id,
                        "lot_id": lot.id,
                        "quantity": 1,
                        "picking_id": back.id,
                        "location_id": move.location_id.id,
                        "location_dest_id": move.location_dest_id.id,
                    }
                )
                for lot in cls._get_lots(move.product_id, list(serials))
            ]
        cls._validate(back)
        return back

    @classmethod
    def _stock_up(cls, product, lots=(), quantity=1.0, location=None):
        """Put goods into our stock."""
        location = location or cls.warehouse.lot_stock_id
        quantities = lots if isinstance(lots, dict) else dict.fromkeys(lots, 1.0)
        for lot in cls._get_lots(product, list(quantities)) if quantities else ():
            cls.env["stock.quant"]._update_available_quantity(
                product, location, quantities[lot.name], lot_id=lot
            )
        if not quantities:
            cls.env["stock.quant"]._update_available_quantity(product, location, quantity)

    def _equipment(self, product, **criteria):
        """All machines of a product, archived ones too, oldest first."""
        domain = [("product_id", "=", product.id)]
        domain += [(field, "=", value) for field, value in criteria.items()]
        equipment = self.env["service.equipment"].with_context(active_test=False)
        return equipment.search(domain, order="id")
