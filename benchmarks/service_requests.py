"""Requests taken and closed, beside the floor: a bare tracked document of the same width.

The floor is a model with `mail.thread` and `mail.activity.mixin` that has a column, tracked or not,
for each column of `service.request`, and is given the values that the request works out: what Odoo
itself needs to keep and track them. Where OCA's helpdesk_mgmt and helpdesk_mgmt_sla are installed,
their ticket, with a team and two SLAs, is measured beside.
"""

from odoo.fields import Command
from odoo.tools import SQL

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
    closing = env["service.request.stage"]._get_closing()
    # one in twenty is open; twenty people took them, one of whom is able to take a new one
    people = env["res.users"].create(
        [{"name": f"Colleague {n}", "login": f"benchmark-{n}"} for n in range(19)]
    )
    clone(
        request,
        bench.args.existing,
        name="'B' || n",
        customer_number="n",
        state="CASE WHEN n % 20 = 0 THEN 'open' ELSE 'closed' END",
        stage_id=f"CASE WHEN n % 20 = 0 THEN stage_id ELSE {closing.id} END",
        user_id=f"(ARRAY{[env.uid, *people.ids]})[1 + n / 20 % 20]",
    )
    clone(floor, bench.args.existing)
    for table in ("service_request", env[FLOOR]._table):
        env.cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))
    peer = make_peer(env(su=True), subject["partner_id"])
    if peer:
        clone(env[PEER].create(peer[0]), bench.args.existing, number="'P' || n")

    def create(model, values):
        def work(records):
            records.create([dict(values) for _number in range(count)])

        return f"{model}: create {count}", (lambda env: env[model], work)

    def close(model, values, work):
        def prepare(env):
            return env[model].create([dict(values) for _number in range(count)])

        return f"{model}: close {count}", (prepare, work)

    def compare(verb, bare, ours, other=None):
        """Measure ours beside the floor, and beside the peer where it is there."""
        cases = dict(filter(None, (bare, ours, other)))
        results = bench.measure_in_turns(cases, count)
        bare, ours = (results[case] for case, _work in (bare, ours))
        times = {"create": ONE_TIMES if count == 1 else BATCH_TIMES, "close": CLOSE_TIMES}[verb]
        bench.promise(f"floors to {verb} {count}", round(ours["ms"] / bare["ms"], 2), times)
        return ours["queries"], bare["queries"]

    for count, queries in ((1, ONE_QUERIES), (number, BATCH_QUERIES + BATCH_QUERIES_EACH * number)):
        used, _bare = compare(
            "create",
            create(FLOOR, floor_values),
            create("service.request", subject),
            peer and create(PEER, peer[0]),
        )
        bench.promise(f"queries to create {count}", used, queries)
        used, bare = compare(
            "close",
            close(FLOOR, floor_values, lambda floors: floors.write({"x_stage_id": closing.id})),
            close("service.request", subject, lambda requests: requests.action_close()),
            peer and close(PEER, peer[0], lambda tickets: tickets.write(peer[1])),
        )
        bench.emit(f"queries to close {count}", ours=used, floor=bare)
