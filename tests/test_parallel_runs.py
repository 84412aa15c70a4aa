"""Invoicing runs in processes of their own: killed in the middle, and two at once."""

import json
import os
import subprocess
import sys
import time

import pytest

from odoo.fields import Command
from odoo.tests.common import get_db_name
from odoo.tools import SQL, config

from .parallel import session

REQUESTS = 30
BATCH = 3
# what the test commits, in the order in which it can be removed
TABLES = (
    "service_consumption_invoice_line_rel",
    "service_billing_run_line",
    "service_billing_run",
    "account_move_line",
    "account_move",
    "service_consumption",
    "service_request_stage_history",
    "service_request",
    "product_template",
    "res_partner",
    "mail_message",
)
WORKER = f"""
import json, sys
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tools import config
config.parse_config([*json.loads(sys.argv[1]), "--no-http", "--log-level=critical"])
with Registry(config["db_name"][0]).cursor() as cr:
    from odoo.addons.service_billing.models import service_billing_run_work as work
    work.BATCH_SIZE = {BATCH}
    env = api.Environment(cr, SUPERUSER_ID, {{}})
    run = env["service.billing.run"].browse(int(sys.argv[2]))
    print("ready", flush=True)
    sys.stdin.readline()
    run.action_start()
"""


def start_worker(run_id):
    """A process that has loaded Odoo and starts the run once it is told to."""
    options = [f"--database={get_db_name()}", f"--addons-path={','.join(config['addons_path'])}"]
    for name in ("db_host", "db_port", "db_user", "db_password"):
        if config[name]:
            options.append(f"--{name}={config[name]}")
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER, json.dumps(options), str(run_id)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ,
    )
    assert worker.stdout.readline() == "ready\n"
    return worker


def tell(worker):
    worker.stdin.write("\n")
    worker.stdin.flush()


@pytest.fixture
def requests(registry):
    """Ids of committed requests that wait for their invoice."""
    with session(registry) as env:
        last = {
            table: env.execute_query(SQL("SELECT max(id) FROM %s", SQL.identifier(table)))[0][0]
            for table in TABLES
            if not table.endswith("_rel")
        }
        customer = env["res.partner"].create({"name": "Hôtel du Lac", "city": "Annecy"})
        labor = env["product.product"].create(
            {"name": "Labour", "type": "service", "list_price": 60, "taxes_id": [Command.clear()]}
        )
        requests = env["service.request"].create(
            [
                {
                    "partner_id": customer.id,
                    "title": "No hot water",
                    "consumption_ids": [Command.create({"product_id": labor.id})],
                }
                for _number in range(REQUESTS)
            ]
        )
        requests.action_close(undone="done")
        ids = requests.ids
    yield ids
    with registry.cursor() as cr:
        for table in TABLES:
            if table in last:
                cr.execute(
                    SQL("DELETE FROM %s WHERE id > %s", SQL.identifier(table), last[table] or 0)
                )
            else:
                cr.execute(SQL("DELETE FROM %s", SQL.identifier(table)))
    registry.clear_all_caches()


def create_runs(registry, number):
    """Ids of runs over the same requests, ready to start."""
    with session(registry) as env:
        runs = env["service.billing.run"].create([{} for _number in range(number)])
        runs.action_prepare()
        return runs.ids


def count_done(registry, run_id):
    with session(registry) as env:
        return env["service.billing.run"].browse(run_id).ok_count


def assert_invoiced_once(registry, request_ids):
    with session(registry) as env:
        consumptions = env["service.request"].browse(request_ids).consumption_ids
        assert consumptions.mapped("invoice_state") == ["invoiced"] * REQUESTS
        assert [len(c.invoice_line_ids) for c in consumptions] == [1] * REQUESTS
        moves = consumptions.invoice_line_ids.move_id
        assert len(moves) == REQUESTS
        assert sum(moves.mapped("amount_untaxed")) == 60 * REQUESTS


def test_two_runs_at_once_invoice_everything_once(registry, requests):
    runs = create_runs(registry, 2)
    workers = [start_worker(run_id) for run_id in runs]
    for worker in workers:
        tell(worker)
    assert [worker.wait(timeout=300) for worker in workers] == [0, 0]
    assert_invoiced_once(registry, requests)
    with session(registry) as env:
        found = env["service.billing.run"].browse(runs)
        assert set(found.mapped("state")) == {"done"}
        assert sum(found.mapped("ok_count")) == REQUESTS


def test_a_killed_run_goes_on_where_it_was(registry, requests):
    [run_id] = create_runs(registry, 1)
    worker = start_worker(run_id)
    tell(worker)
    deadline = time.monotonic() + 120
    while not count_done(registry, run_id) and time.monotonic() < deadline:
        time.sleep(0.05)
    worker.kill()
    worker.wait(timeout=60)
    done = count_done(registry, run_id)
    assert 0 < done < REQUESTS
    with session(registry) as env:
        run = env["service.billing.run"].browse(run_id)
        assert run.state == "running"
        run.action_resume()
    assert count_done(registry, run_id) == REQUESTS
    assert_invoiced_once(registry, requests)
