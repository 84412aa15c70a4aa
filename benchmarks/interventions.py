"""Creating interventions: one by one, and many at once."""

from datetime import datetime, timedelta

from common import benchmark

MODEL = "service.intervention"
NUMBER = 200
QUERIES, QUERIES_EACH = 20, 1.0  # for one alone; for each of many


def make_world(env):
    customer = env["res.partner"].create({"name": "Hospital", "is_company": True})
    technicians = env["hr.employee"].create(
        [{"name": f"Technician {number}", "is_technician": True} for number in range(10)]
    )
    return customer, technicians


def prepare_values(customer, technicians, number):
    """Jobs of an hour, each technician from one to the next."""
    start = datetime.now().replace(microsecond=0) + timedelta(days=7)
    return [
        {
            "partner_id": customer.id,
            "technician_id": technicians[index % len(technicians)].id,
            "planned_start": start + timedelta(hours=index // len(technicians)),
            "planned_hours": 1,
        }
        for index in range(number)
    ]


with benchmark() as bench:
    world = make_world(bench.env(su=True))

    def create(subject):
        interventions, values = subject
        interventions.create(values)

    for number in (1, NUMBER):
        result = bench.measure(
            f"create {number}",
            lambda env, number=number: (env[MODEL], prepare_values(*world, number)),
            create,
            number,
        )
        if number == 1:
            bench.promise("queries to create one", result["queries"], QUERIES)
        else:
            bench.promise("queries for each of many", result["queries_per_record"], QUERIES_EACH)
