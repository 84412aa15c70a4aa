"""A run over thousands of closed requests, committed batch by batch: time, queries, memory.

It commits: a database to throw away.
"""

import resource
import time

from odoo.fields import Command

from common import benchmark, clone

MEMORY = 200
QUERIES = 1.5


def make_requests(env, number):
    """Closed requests with a part and an hour each; all but one are copies."""
    customer = env["res.partner"].create({"name": "Hotel", "is_company": True, "city": "Lyon"})
    tax = env["account.tax"].create({"name": "20 %", "amount": 20, "type_tax_use": "sale"})
    products = env["product.product"].create(
        [
            {"name": name, "type": "service", "list_price": 60, "taxes_id": [Command.set(tax.ids)]}
            for name in ("Labour", "Travel", "Check")
        ]
    )
    request = env["service.request"].create(
        {
            "partner_id": customer.id,
            "title": "No heating",
            "consumption_ids": [Command.create({"product_id": p.id}) for p in products],
        }
    )
    request.action_close(undone="done")
    clone(request, number - 1, name="'COPY/' || n")
    copies = env["service.request"].search([("name", "=like", "COPY/%")], order="id")
    assert copies.ids == list(range(copies[0].id, copies[0].id + number - 1))
    for consumption in request.consumption_ids:
        clone(consumption, number - 1, request_id=f"{copies[0].id - 1} + n")


def get_memory():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


with benchmark(number=(10_000, "requests")) as bench:
    number = bench.args.number
    make_requests(bench.env, number)
    bench.env.cr.commit()
    run = bench.env["service.billing.run"].create({})
    begin = time.perf_counter()
    run.action_prepare()
    prepared = time.perf_counter()
    bench.emit(
        "what would be invoiced is found", lines=run.line_count, s=round(prepared - begin, 1)
    )
    bench.env.cr.commit()
    bench.env.invalidate_all()
    memory, queries = get_memory(), bench.cr.sql_log_count
    begin = time.perf_counter()
    run.action_start()
    seconds = time.perf_counter() - begin
    assert (run.state, run.ok_count) == ("done", number), (run.state, run.ok_count)
    bench.emit(
        "drafts are made",
        records=number,
        s=round(seconds, 1),
        ms_each=round(seconds / number * 1e3, 1),
    )
    bench.promise(
        "queries for each", round((bench.cr.sql_log_count - queries) / number, 3), QUERIES
    )
    bench.promise("memory it grows by, MB", round(get_memory() - memory), MEMORY)
    waiting = bench.env["service.consumption"].search_count([("invoice_state", "=", "to_invoice")])
    bench.promise("left to invoice", waiting, 0)
