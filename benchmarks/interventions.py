"""Creating interventions, one by one and many at once, beside a bare tracked document of the same
width."""

from datetime import datetime, timedelta

from common import FLOOR, benchmark, make_floor

MODEL = "service.intervention"
NUMBER = 200
QUERIES, QUERIES_EACH = 20, 0.5  # for one alone; for each of many
FLOORS = {1: 1.5, NUMBER: 2}


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
    [model_values] = prepare_values(*world, 1)
    model_values["planned_start"] -= timedelta(days=1)  # not in the way of the others
    floor_values = make_floor(bench.env[MODEL].create(model_values))

    def create(subject):
        records, values = subject
        records.create(values)

    for number, floors in FLOORS.items():
        bare, ours = f"floor: create {number}", f"create {number}"
        results = bench.measure_in_turns(
            {
                bare: (
                    lambda env, number=number: (
                        env[FLOOR],
                        [dict(floor_values) for _number in range(number)],
                    ),
                    create,
                ),
                ours: (
                    lambda env, number=number: (env[MODEL], prepare_values(*world, number)),
                    create,
                ),
            },
            number,
        )
        if number == 1:
            bench.promise("queries to create one", results[ours]["queries"], QUERIES)
        else:
            each = results[ours]["queries_per_record"]
            bench.promise("queries for each of many", each, QUERIES_EACH)
        floors_used = round(results[ours]["ms"] / results[bare]["ms"], 2)
        bench.promise(f"floors to create {number}", floors_used, floors)
