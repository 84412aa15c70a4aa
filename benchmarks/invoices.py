"""Invoices of closed requests, beside Odoo's own creation of the same moves in the same run."""

from odoo.fields import Command

from common import benchmark

LINES = 3
TIME_RATIO = 0.9
QUERIES = 1.5


def make_requests(env, number, products):
    """Closed requests of as many customers, with a line for each product."""
    customers = env["res.partner"].create(
        [{"name": f"Customer {n}", "is_company": True, "city": "Lyon"} for n in range(number)]
    )
    boiler = env["product.product"].create({"name": "Boiler", "is_equipment": True})
    machines = env["service.equipment"].create(
        [{"product_id": boiler.id, "partner_id": customer.id} for customer in customers]
    )
    requests = env["service.request"].create(
        [
            {
                "partner_id": machine.partner_id.id,
                "title": "No heating",
                "equipment_line_ids": [Command.create({"equipment_id": machine.id})],
            }
            for machine in machines
        ]
    )
    env["service.consumption"].create(
        [
            {"request_id": request.id, "product_id": product.id, "quantity": 2}
            for request in requests
            for product in products
        ]
    )
    requests.action_close(undone="done")
    return requests


def prepare_moves(requests):
    """The same invoices as somebody writes them who leaves to Odoo what it finds by itself."""
    return requests.env["account.move"], [
        {
            "move_type": "out_invoice",
            "partner_id": request.invoice_partner_id.id,
            "invoice_origin": request.name,
            "invoice_line_ids": [
                Command.create(
                    {
                        "product_id": consumption.product_id.id,
                        "quantity": consumption.quantity,
                        "price_unit": consumption.price_unit,
                    }
                )
                for consumption in request.consumption_ids
            ],
        }
        for request in requests
    ]


def create_moves(prepared):
    moves, values = prepared
    moves.create(values)


def run(requests):
    work = requests.env["service.billing.run"].create({})
    work.action_prepare()
    work.line_ids._invoice()
    assert set(work.line_ids.mapped("state")) == {"ok"}, work.line_ids.mapped("reason")


with benchmark(number=(200, "requests")) as bench:
    tax = bench.env["account.tax"].create({"name": "20 %", "amount": 20, "type_tax_use": "sale"})
    products = bench.env["product.product"].create(
        [
            {
                "name": f"Service {n}",
                "type": "service",
                "list_price": 10.0 + n,
                "taxes_id": [Command.set(tax.ids)],
            }
            for n in range(LINES)
        ]
    )
    number = bench.args.number
    requests = make_requests(bench.env, number, products)
    core = bench.measure(
        "Odoo's own batch create",
        lambda env: prepare_moves(requests.with_env(env)),
        create_moves,
        number,
    )
    ours = bench.measure(
        "requests invoiced in a batch",
        lambda env: requests.with_env(env),
        lambda r: r._create_service_invoices(),
        number,
    )
    batch = bench.measure("a run over them", lambda env: requests.with_env(env), run, number)
    for result in (ours, batch):
        ratio = result["ms"] / core["ms"]
        bench.promise(f"{result['case']}: time beside core", round(ratio, 3), TIME_RATIO)
        bench.promise(f"{result['case']}: queries for each", result["queries_per_record"], QUERIES)
