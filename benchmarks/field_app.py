"""The technician's app: pull, catalogue, and a day of commands on the server."""

import uuid
from datetime import datetime, timedelta

from odoo.fields import Command

from common import benchmark

VISITS = 50
MACHINES = 200
PARTS = 20_000
COMMANDS = 300


def make_world(env):
    """A technician with 50 visits, 200 machines and a catalogue of 20,000 parts."""
    user = env["res.users"].create(
        {
            "name": "Bench",
            "login": "bench-field",
            "group_ids": [
                Command.link(env.ref("base.group_user").id),
                Command.link(env.ref("installed_base.group_service_technician").id),
            ],
        }
    )
    warehouse = env["stock.warehouse"].search([("company_id", "=", env.company.id)], limit=1)
    van = env["stock.location"].create({"name": "Van", "location_id": warehouse.lot_stock_id.id})
    employee = env["hr.employee"].create(
        {
            "name": "Bench",
            "user_id": user.id,
            "is_technician": True,
            "stock_location_id": van.id,
        }
    )
    parts = env["product.product"].create(
        [
            {"name": f"Part {n}", "default_code": f"P{n:05}", "is_storable": True}
            for n in range(PARTS)
        ]
    )
    customer = env["res.partner"].create({"name": "Customer", "is_company": True})
    machines = env["service.equipment"].create(
        [
            {"product_id": parts[n % 40].id, "partner_id": customer.id, "serial_number": f"M{n}"}
            for n in range(MACHINES)
        ]
    )
    env["service.equipment.component"].create(
        [
            {"equipment_id": machine.id, "product_id": parts[100 + n].id}
            for machine in machines
            for n in range(10)
        ]
    )
    start = datetime.now().replace(microsecond=0)
    share = MACHINES // VISITS
    visits = env["service.intervention"].create(
        [
            {
                "partner_id": customer.id,
                "technician_id": employee.id,
                "equipment_ids": [Command.set(machines[share * n : share * (n + 1)].ids)],
                "planned_start": start + timedelta(hours=2 * n),
                "planned_end": start + timedelta(hours=2 * n + 1),
                "state": "planned",
            }
            for n in range(VISITS)
        ]
    )
    return user, visits, parts


def day_of(visits, parts):
    """What a technician does on thirty visits: ten entries on each."""
    now = datetime.now().replace(microsecond=0).isoformat()
    work = [
        ("step", {"step": "leave", "at": now}),
        ("step", {"step": "arrive", "at": now}),
        *(("consume", {"product": parts[n].id, "quantity": 1, "at": now}) for n in range(200, 204)),
        ("text", {"field": "report", "base": "", "value": "Done"}),
        ("text", {"field": "findings", "base": "", "value": "Seen"}),
        ("text", {"field": "customer_comment", "base": "", "value": "Fine"}),
        ("finish", {"outcome": "done", "at": now}),
    ]
    return [
        {
            "uuid": str(uuid.uuid4()),
            "seq": seq,
            "kind": kind,
            "chain": visit.uuid,
            "payload": {"intervention": visit.uuid, **payload},
        }
        for visit in visits[: COMMANDS // len(work)]
        for seq, (kind, payload) in enumerate(work)
    ]


with benchmark() as bench:
    user, visits, parts = make_world(bench.env)
    sync = bench.env["service.field.sync"].with_user(user)
    token = sync._pull()["token"]
    bench.measure(
        "pull, everything", lambda env: sync, lambda s: s._pull(), number=VISITS + MACHINES
    )
    bench.measure(
        "pull, nothing changed", lambda env: sync, lambda s: s._pull(token), number=VISITS
    )
    bench.measure("catalogue, once", lambda env: sync, lambda s: s._get_catalogue(), number=PARTS)

    def push(commands):
        log = bench.env["service.field.command"].with_user(user)
        device = log.env["service.field.device"]._contact(str(uuid.uuid4()))
        for position in range(0, len(commands), 100):
            answers = log._receive(device, commands[position : position + 100])
            assert {a["verdict"] for a in answers} == {"applied"}, answers

    bench.measure("push of a day", lambda env: day_of(visits, parts), push, number=COMMANDS)
