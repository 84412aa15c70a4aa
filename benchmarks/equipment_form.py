"""Opening the form of a machine with 200 components and 1,000 meter readings."""

from datetime import datetime, timedelta

from odoo.tests import Form

from common import benchmark

COMPONENTS = 200
EVENTS = 200
READINGS = 1000
QUERIES = 40


def create_machine(env):
    """A machine that has seen much."""
    customer = env["res.partner"].create({"name": "Hospital", "is_company": True})
    product, *parts = env["product.product"].create(
        [{"name": f"Bench {number}"} for number in range(COMPONENTS // 4 + 1)]
    )
    machine = env["service.equipment"].create(
        {"product_id": product.id, "partner_id": customer.id, "site_id": customer.id}
    )
    env["service.equipment.component"].create(
        [
            {
                "equipment_id": machine.id,
                "product_id": parts[number % len(parts)].id,
                "serial_number": f"BENCH-{number}",
                "position": str(number),
                "as_sold": number % 3 > 0,
                "state": "removed" if number % 10 == 1 else "installed",
            }
            for number in range(COMPONENTS)
        ]
    )
    env["service.equipment.event"].sudo().create(
        [
            {"equipment_id": machine.id, "event_type": "modified", "description": str(number)}
            for number in range(EVENTS)
        ]
    )
    create_readings(env, machine)
    return machine


def create_readings(env, machine):
    hours = env.ref("uom.product_uom_hour")
    meter_type = env["service.meter.type"].create({"name": "Bench", "uom_id": hours.id})
    meter = env["service.meter"].create({"equipment_id": machine.id, "type_id": meter_type.id})
    start = datetime.now().replace(microsecond=0) - timedelta(days=READINGS + 1)
    env["service.meter.reading"].create(
        [
            {"meter_id": meter.id, "date": start + timedelta(days=number), "value": 7 * number}
            for number in range(READINGS)
        ]
    )


with benchmark() as bench:
    machine = create_machine(bench.env)
    fields = Form(bench.env["service.equipment"])._view["fields_spec"]
    result = bench.measure(
        f"form of a machine with {COMPONENTS} components and {READINGS} readings",
        lambda env: env["service.equipment"].browse(machine.id),
        lambda record: record.web_read(fields),
    )
    bench.promise("queries to open the form", result["queries"], QUERIES)
