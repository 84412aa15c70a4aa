from contextlib import contextmanager

from odoo.fields import Command

from odoo.addons.base.tests.common import BaseCommon


class InstalledBaseCommon(BaseCommon):
    """A heating company with one agency, one customer with one site, and one boiler."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agency = cls.env["service.agency"].search(
            [("company_id", "=", cls.env.company.id)], limit=1
        )
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.env.company.id)], limit=1
        )
        cls.agency.warehouse_id = cls.warehouse
        cls.customer = cls.env["res.partner"].create(
            {"name": "Hôtel du Lac", "is_company": True, "email": "hotel@example.com"}
        )
        cls.site = cls.env["res.partner"].create(
            {
                "name": "Boiler room",
                "parent_id": cls.customer.id,
                "type": "delivery",
                "zip": "74000",
                "city": "Annecy",
                "country_id": cls.env.ref("base.fr").id,
            }
        )
        cls.other_customer = cls.env["res.partner"].create(
            {"name": "Clinique des Alpes", "is_company": True}
        )
        cls.burner = cls._create_product("Burner", is_storable=True)
        cls.machine_product = cls._create_product(
            "Boiler B20", is_storable=True, tracking="serial", is_equipment=True
        )
        cls.env["service.bom"].create(
            {
                "product_tmpl_id": cls.machine_product.product_tmpl_id.id,
                "line_ids": [Command.create({"product_id": cls.burner.id, "position": "P1"})],
            }
        )

    @classmethod
    def _create_product(cls, name, **values):
        return cls.env["product.product"].create({"name": name, "type": "consu", **values})

    @classmethod
    def _create_equipment(cls, **values):
        return cls.env["service.equipment"].create(
            {
                "product_id": cls.machine_product.id,
                "partner_id": cls.customer.id,
                "site_id": cls.site.id,
                **values,
            }
        )

    @classmethod
    def _create_user(cls, login, *groups):
        """A user with these groups (xml ids) and no other right in the suite."""
        return cls.env["res.users"].create(
            {
                "name": login.title(),
                "login": login,
                "email": f"{login}@example.com",
                "group_ids": [
                    Command.set([cls.env.ref(group).id for group in ("base.group_user", *groups)])
                ],
            }
        )

    @classmethod
    def _deliver(cls, product, serials=(), partner=None, quantity=None):
        """Sell and deliver a product; return the done transfer.

        :param serials: one serial number for each piece (made if unknown)
        """
        quantity = quantity or len(serials)
        order = cls.env["sale.order"].create(
            {
                "partner_id": (partner or cls.site).id,
                "order_line": [
                    Command.create({"product_id": product.id, "product_uom_qty": quantity})
                ],
            }
        )
        order.action_confirm()
        return cls._validate_delivery(order, serials)

    @classmethod
    def _validate_delivery(cls, order, serials=()):
        picking = order.picking_ids.filtered(lambda p: p.state != "done")
        move = picking.move_ids[:1]
        if serials:
            move.move_line_ids.unlink()
            lots = cls._get_lots(move.product_id, serials)
            move.move_line_ids = [
                Command.create(
                    {
                        "product_id": move.product_id.id,
                        "lot_id": lot.id,
                        "quantity": 1,
                        "location_id": move.location_id.id,
                        "location_dest_id": move.location_dest_id.id,
                        "picking_id": picking.id,
                    }
                )
                for lot in lots
            ]
        else:
            move.quantity = move.product_uom_qty
        picking.move_ids.picked = True
        picking.button_validate()
        return picking

    @classmethod
    def _get_lots(cls, product, serials):
        """The lots with these names, in this order; unknown ones are made."""
        lots = cls.env["stock.lot"].search(
            [("product_id", "=", product.id), ("name", "in", list(serials))]
        )
        lots += cls.env["stock.lot"].create(
            [
                {"name": serial, "product_id": product.id}
                for serial in serials
                if serial not in lots.mapped("name")
            ]
        )
        return lots.sorted(lambda lot: serials.index(lot.name))

    @contextmanager
    def assertRefused(self, exception, pattern):
        """What is inside raises, says so in these words, and leaves nothing behind."""
        # assertRaisesRegex alone would keep what was done before the error
        with self.assertRaises(exception) as caught:
            yield caught
        self.assertRegex(str(caught.exception), pattern)
