"""Two people at once, each on a connection of their own: nothing is made twice."""

import pytest

from odoo.fields import Command

from .parallel import cleaning, refused, session

# what a delivery leaves behind, in the order in which it can be removed
TABLES = (
    "service_equipment",
    "stock_move_line",
    "stock_quant",
    "stock_move",
    "stock_picking",
    "stock_lot",
    "product_template",
    "stock_location",
    "res_partner",
)


@pytest.fixture
def deliver(registry):
    """A function that commits a transfer of some meters of one lot to one customer."""
    with cleaning(registry, *TABLES):
        with session(registry) as env:
            customer = env["res.partner"].create({"name": "Hôtel du Lac", "is_company": True})
            product = env["product.product"].create(
                {"name": "Heating Cable", "type": "consu", "is_storable": True, "tracking": "lot"}
            )
            lot = env["stock.lot"].create({"name": "L1", "product_id": product.id})
            warehouse = env["stock.warehouse"].search(
                [("company_id", "=", env.company.id)], limit=1
            )

        def prepare(quantity, is_equipment=True):
            with session(registry) as env:
                # from a shelf of its own, where some remains: the transfers have no row in common
                shelf = env["stock.location"].create(
                    {"name": "Shelf", "location_id": warehouse.with_env(env).lot_stock_id.id}
                )
                env["stock.quant"]._update_available_quantity(
                    product.with_env(env), shelf, 100, lot_id=lot.with_env(env)
                )
                places = {
                    "location_id": shelf.id,
                    "location_dest_id": env.ref("stock.stock_location_customers").id,
                }
                product.with_env(env).is_equipment = is_equipment
                picking = env["stock.picking"].create(
                    {
                        "picking_type_id": warehouse.with_env(env).out_type_id.id,
                        "partner_id": customer.id,
                        **places,
                        "move_line_ids": [
                            Command.create(
                                {
                                    "product_id": product.id,
                                    "lot_id": lot.id,
                                    "quantity": quantity,
                                    **places,
                                }
                            )
                        ],
                    }
                )
                picking.action_confirm()
                return picking

        prepare.product = product
        yield prepare


def quantities(registry, product):
    with session(registry) as env:
        machines = env["service.equipment"].search([("product_id", "=", product.id)])
        return machines.mapped("quantity")


def test_transfers_of_one_lot_validated_at_once_make_one_machine(registry, deliver):
    first, second = deliver(5), deliver(3)
    with session(registry) as env:
        with session(registry) as other:
            first.with_env(other).button_validate()
        with refused(env):
            second.with_env(env).button_validate()
    assert quantities(registry, deliver.product) == [5.0]
    with session(registry) as env:  # Odoo tries a refused transaction again
        second.with_env(env).button_validate()
    assert quantities(registry, deliver.product) == [8.0]


def test_one_transfer_validated_twice_at_once_makes_one_machine(registry, deliver):
    picking = deliver(5)
    with session(registry) as env:
        with session(registry) as other:
            picking.with_env(other).button_validate()
        with refused(env):
            picking.with_env(env).button_validate()
    assert quantities(registry, deliver.product) == [5.0]


def test_missing_machines_made_twice_at_once_are_made_once(registry, deliver):
    picking = deliver(5, is_equipment=False)
    with session(registry) as env:
        picking.with_env(env).button_validate()
        deliver.product.with_env(env).is_equipment = True
    with session(registry) as env:
        with session(registry) as other:
            template = deliver.product.with_env(other).product_tmpl_id
            template._create_missing_equipment()
        with refused(env):
            template.with_env(env)._create_missing_equipment()
    assert quantities(registry, deliver.product) == [5.0]
