"""The daily batch of preventive plans in a process of its own, which is killed in the middle."""

import json
import os
import subprocess
import sys
import time

import pytest

from odoo import fields
from odoo.tests.common import get_db_name
from odoo.tools import config

from .parallel import cleaning, session

MACHINES = 40
BATCH = 4
# what the test commits, in the order in which it can be removed
TABLES = (
    "service_plan_visit",
    "service_plan",
    "service_intervention_operation",
    "service_intervention",
    "service_request_equipment",
    "service_request_stage_history",
    "service_request",
    "service_equipment_event",
    "service_equipment",
    "product_template",
    "res_partner",
    "mail_message",
)
WORKER = f"""
import json, sys
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tools import config
config.parse_config([*json.loads(sys.argv[1]), "--no-http", "--log-level=error"])
with Registry(config["db_name"][0]).cursor() as cr:
    from odoo.addons.field_intervention.models import service_plan_batch as batch
    batch.BATCH_SIZE = {BATCH}
    env = api.Environment(cr, SUPERUSER_ID, {{}})
    print("ready", flush=True)
    env["service.plan"]._cron_generate_visits()
"""


def start_worker():
    """A process that runs the daily batch, as the server's does."""
    options = [f"--database={get_db_name()}", f"--addons-path={','.join(config['addons_path'])}"]
    for name in ("db_host", "db_port", "db_user", "db_password"):
        if config[name]:
            options.append(f"--{name}={config[name]}")
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER, json.dumps(options)],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ,
    )
    assert worker.stdout.readline() == "ready\n"
    return worker


@pytest.fixture
def plan_id(registry):
    """A committed plan; a visit of each of its machines is due today."""
    with cleaning(registry, *TABLES):
        with session(registry) as env:
            product = env["product.product"].create({"name": "Boiler", "type": "consu"})
            customer = env["res.partner"].create({"name": "Hôtel du Lac"})
            today = fields.Date.context_today(customer)
            env["service.equipment"].create(
                [
                    {
                        "product_id": product.id,
                        "partner_id": customer.id,
                        "site_id": customer.id,
                        "delivery_date": fields.Date.subtract(today, years=1),
                    }
                ]
                * MACHINES
            )
            plan = env["service.plan"].create(
                {"name": "Upkeep", "product_id": product.id, "date_start": today, "group_days": 0}
            )
            known = plan.id
        yield known


def count_visits(registry, plan_id):
    with session(registry) as env:
        groups = env["service.plan.visit"]._read_group(
            [("plan_id", "=", plan_id)], ["state"], ["__count"]
        )
        return dict(groups)


def test_a_killed_batch_goes_on_where_it_was(registry, plan_id):
    worker = start_worker()
    deadline = time.monotonic() + 120
    while not count_visits(registry, plan_id).get("scheduled") and time.monotonic() < deadline:
        time.sleep(0.02)
    worker.kill()
    worker.wait(timeout=60)
    done = count_visits(registry, plan_id).get("scheduled", 0)
    assert 0 < done < MACHINES
    assert done % BATCH == 0
    workers = [start_worker() for _number in range(2)]
    assert [worker.wait(timeout=300) for worker in workers] == [0, 0]
    # none is forgotten and none made twice, also when two go on at once
    assert count_visits(registry, plan_id) == {"scheduled": MACHINES, "forecast": MACHINES}
    with session(registry) as env:
        visits = env["service.plan"].browse(plan_id).visit_ids
        made = visits.filtered(lambda visit: visit.state == "scheduled")
        assert len(made.intervention_id) == len(made.request_id) == MACHINES
        products = visits.equipment_id.product_id
        machines = env["service.equipment"].search([("product_id", "in", products.ids)])
        assert len(machines.intervention_ids) == MACHINES
