"""What the installed base adds to the delivery of serial numbers in one transfer."""

from odoo.fields import Command

from common import benchmark

CONSTANT = 25
EACH = 2


def prepare_transfer(env, product, number):
    """A transfer of new serial numbers to a customer, ready to be validated."""
    warehouse = env["stock.warehouse"].search([("company_id", "=", env.company.id)], limit=1)
    customer = env["res.partner"].create({"name": "Hospital", "is_company": True})
    lots = env["stock.lot"].create(
        [{"name": f"BENCH-{n:06d}", "product_id": product.id} for n in range(number)]
    )
    places = {
        "location_id": warehouse.lot_stock_id.id,
        "location_dest_id": env.ref("stock.stock_location_customers").id,
    }
    for lot in lots:
        env["stock.quant"].sudo()._update_available_quantity(
            product, warehouse.lot_stock_id, 1, lot_id=lot
        )
    picking = env["stock.picking"].create(
        {
            "picking_type_id": warehouse.out_type_id.id,
            "partner_id": customer.id,
            **places,
            "move_line_ids": [
                Command.create(
                    {"product_id": product.id, "lot_id": lot.id, "quantity": 1, **places}
                )
                for lot in lots
            ],
        }
    )
    picking.action_confirm()
    picking.move_ids.picked = True
    return picking


def validate(picking):
    picking.button_validate()
    assert picking.state == "done", picking.state


with benchmark(number=(1000, "serial numbers in the large transfer")) as bench:
    products = bench.env["product.product"].create(
        [
            {
                "name": name,
                "type": "consu",
                "is_storable": True,
                "tracking": "serial",
                "is_equipment": is_equipment,
            }
            for name, is_equipment in (("Goods", False), ("Machine", True))
        ]
    )
    results = {
        (product, number): bench.measure(
            f"delivery of {number} serials, {product.name}",
            lambda env, p=product, n=number: prepare_transfer(env, p, n),
            validate,
            number,
        )
        for number in (bench.args.number // 10, bench.args.number)
        for product in products
    }
    goods, machine = products
    few, many = bench.args.number // 10, bench.args.number
    added = {n: results[machine, n]["queries"] - results[goods, n]["queries"] for n in (few, many)}
    each = (added[many] - added[few]) / (many - few)
    bench.emit(
        "added by the installed base",
        records=many,
        queries=added[many],
        ms=round(results[machine, many]["ms"] - results[goods, many]["ms"], 2),
    )
    bench.promise("queries added for each machine", round(each, 3), EACH)
    bench.promise("queries added whatever the number", added[few] - each * few, CONSTANT)
