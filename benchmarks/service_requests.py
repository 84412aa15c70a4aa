"""Requests taken and closed, beside the floor: a bare tracked document of the same width.

The floor is a model with `mail.thread` and `mail.activity.mixin` that has a column, tracked or not,
for each column of `service.request`, and is given the values that the request works out: what Odoo
itself needs to keep and track them. Where OCA's helpdesk_mgmt and helpdesk_mgmt_sla are installed,
their ticket, with a team and two SLAs, is measured beside.
"""

from odoo.fields import Command

from common import FLOOR, benchmark, clone, make_floor

PEER = "helpdesk.ticket"
ONE_QUERIES, BATCH_QUERIES, BATCH_QUERIES_EACH = 16, 25, 0.3
ONE_TIMES, BATCH_TIMES, CLOSE_TIMES = 2, 3, 1.5


def make_subject(env):
    """A customer with a machine under contract, a competence, and somebody who has it."""
    customer = env["res.partner"].create({"name": "Benchmark", "is_company": True})
    product = env["product.product"].create({"name": "Boiler", "is_storable": True})
    machine = env["service.equipment"].create(
        {"product_id": product.id, "partner_id": customer.id, "serial_number": "BENCH-1"}
    )
    competence = env["service.competence"].create(
        {"name": "Benchmark", "code": "BENCH", "user_ids": [Command.set(env.user.ids)]}
    )
    contract = env["service.contract"].create(
        {
            "kind": "maintenance",
            "partner_id": customer.id,
            "date_start": "2020-01-01",
            "date_end": "2090-12-31",
            "coverage_ids": [Command.create({"scope": "equipment", "equipment_id": machine.id})],
            "commitment_ids": [Command.create({"blocking": False, "resolution_hours": 8})],
        }
    )
    contract.action_activate()
    return {
        "partner_id": customer.id,
        "title": "No hot water",
        "competence_id": competence.id,
        "equipment_line_ids": [Command.create({"equipment_id": machine.id})],
    }


def make_peer(env, customer_id):
    """Values of a ticket of OCA's helpdesk, and of its closing; nothing where it is missing."""
    if PEER not in env:
        return None
    done = env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done")
    done.mail_template_id = False
    team = env["helpdesk.ticket.team"].create(
        {"name": "Benchmark", "user_ids": [Command.set(env.user.ids)], "use_sla": True}
    )
    progress = env.ref("helpdesk_mgmt.helpdesk_ticket_stage_in_progress")
    env["helpdesk.sla"].create(
        [
            {
                "name": name,
                "hours": hours,
                "stage_id": stage.id,
                "team_ids": [Command.set(team.ids)],
            }
            for name, hours, stage in (("First answer", 4, progress), ("Resolution", 8, done))
        ]
    )
    ticket = {"name": "No hot water", "description": "<p>None.</p>", "team_id": team.id}
    return {**ticket, "partner_id": customer_id}, {"stage_id": done.id}


with benchmark(existing=(20_000, "requests that exist already"), number=(200, "batch")) as bench:
    env, number = bench.env, bench.args.number
    subject = make_subject(env)
    request = env["service.request"].create(subject)
    env.flush_all()
    floor_values = make_floor(request)
    floor = env[FLOOR].create(floor_values)
    clone(request, bench.args.existing, name="'B' || n", customer_number="n")
    clone(floor, bench.args.existing)
    env.cr.execute("ANALYZE service_request")
    closing = env["service.request.stage"]._get_closing()
    peer = make_peer(env(su=True), subject["partner_id"])
    if peer:
        clone(env[PEER].create(peer[0]), bench.args.existing, number="'P' || n")

    def create(model, values):
        def work(records):
            records.create([dict(values) for _number in range(count)])

        return bench.measure(f"{model}: create {count}", lambda env: env[model], work, count)

    def close(model, values, close):
        def prepare(env):
            records = env[model].create([dict(values) for _number in range(count)])
            env.cr.flush()  # what is created is not tracked any more
            return records

        def work(records):
            close(records)
            records.env.cr.flush()  # what was tracked is written at the end of a call

        return bench.measure(f"{model}: close {count}", prepare, work, count)

    for count, queries, times in (
        (1, ONE_QUERIES, ONE_TIMES),
        (number, BATCH_QUERIES + BATCH_QUERIES_EACH * number, BATCH_TIMES),
    ):
        bare = create(FLOOR, floor_values)
        ours = create("service.request", subject)
        bench.promise(f"queries to create {count}", ours["queries"], queries)
        bench.promise(f"floors to create {count}", round(ours["ms"] / bare["ms"], 2), times)
        bare = close(FLOOR, floor_values, lambda floors: floors.write({"x_stage_id": closing.id}))
        ours = close("service.request", subject, lambda requests: requests.action_close())
        bench.emit(f"queries to close {count}", ours=ours["queries"], floor=bare["queries"])
        bench.promise(f"floors to close {count}", round(ours["ms"] / bare["ms"], 2), CLOSE_TIMES)
        if peer:
            create(PEER, peer[0])
            close(PEER, peer[0], lambda tickets: tickets.write(peer[1]))
