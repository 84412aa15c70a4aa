"""The daily batch of contracts: killed in the middle, resumed, one contract failing; its memory.

A hundred thousand drafts are due on one day, and one active contract whose renewal must fail. The
batch runs in a process of its own, as the scheduler's, is killed with SIGKILL after a fifth, runs
again to its end, and once more with nothing to do. All that happens in a copy of the database,
which is dropped at the end.
"""

import os
import resource
import signal
import subprocess
import sys
import time

from odoo import api, fields
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.sql_db import close_db, db_connect
from odoo.tools import SQL

from common import benchmark, clone

GROWTH = 200  # megabytes that a batch may take beyond what the registry takes
WORK = "CONTRACTS_DAILY_COPY"


def execute(database, query, *args):
    """Rows of one query in a transaction of its own."""
    with db_connect(database).cursor() as cr:
        cr.execute(SQL(query, *args))
        return cr.fetchall() if cr.description else []


def administrate(query, *names):
    with db_connect("postgres").cursor() as cr:
        cr._cnx.autocommit = True
        cr.execute(SQL(query, *(SQL.identifier(name) for name in names)))


def generate(database, uid, number):
    """The drafts that are due, and the contract that fails."""
    with Registry(database).cursor() as cr:
        env = api.Environment(cr, uid, {})
        today = fields.Date.today()
        customer = env["res.partner"].create({"name": "Benchmark", "is_company": True})
        values = {
            "kind": "maintenance",
            "partner_id": customer.id,
            "date_start": fields.Date.subtract(today, days=1),
            "date_end": fields.Date.add(today, years=3),
            "coverage_ids": [Command.create({"scope": "customer"})],
        }
        draft = env["service.contract"].create(values)
        failing = env["service.contract"].create(
            {
                **values,
                "renewal": "quote",
                "date_end": fields.Date.add(today, days=10),
                "notice_days": 30,
            }
        )
        failing.action_activate()
        clone(draft, number - 1, name="'B' || n")
        cr.commit()
        return draft.id, failing.id


def run(database):
    """Start the batch in a process of its own."""
    environment = {**os.environ, WORK: database}
    return subprocess.Popen(
        [sys.executable, *sys.argv], env=environment, stdout=subprocess.PIPE, text=True
    )


def work(database):
    """In the process: run the batch and print the peak of memory before and after, in MB."""
    with Registry(database).cursor() as cr:
        env = api.Environment(cr, api.SUPERUSER_ID, {})
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        env["service.contract"]._run_daily()
        cr.commit()
        print(before, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, flush=True)


def count_done(database, first):
    return execute(
        database,
        "SELECT COUNT(*) FROM service_contract WHERE id >= %s AND state = 'active'"
        " AND renewal = 'none'",
        first,
    )[0][0]


with benchmark(number=(100_000, "contracts that are due")) as bench:
    if os.environ.get(WORK):
        work(os.environ[WORK])
        sys.exit()
    number, origin, uid = bench.args.number, bench.args.database, bench.env.uid
    copy = f"{origin}_daily"
    bench.cr.rollback()
    bench.cr._cnx.close()
    close_db(origin)
    administrate("DROP DATABASE IF EXISTS %s", copy)
    administrate("CREATE DATABASE %s TEMPLATE %s", copy, origin)
    try:
        first, failing = generate(copy, uid, number)
        process, start = run(copy), time.perf_counter()
        while count_done(copy, first) < number / 5 and process.poll() is None:
            time.sleep(0.2)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        done = count_done(copy, first)
        bench.emit("killed", done=done, seconds=round(time.perf_counter() - start, 1))
        bench.promise("contracts done before it was killed", done, number - 1)
        for case in ("resumed", "with nothing to do"):
            start = time.perf_counter()
            before, after = map(int, run(copy).communicate()[0].split())
            seconds = round(time.perf_counter() - start, 1)
            bench.emit(case, seconds=seconds, megabytes_before=before, megabytes_after=after)
            bench.promise(f"megabytes, {case}", after - before, GROWTH)
        bench.promise("contracts left undone", number - count_done(copy, first), 0)
        query = "SELECT COUNT(*) FROM service_contract WHERE batch_error IS NOT NULL AND id = %s"
        bench.promise("failing contracts not reported", 1 - execute(copy, query, failing)[0][0], 0)
    finally:
        close_db(copy)
        administrate("DROP DATABASE IF EXISTS %s WITH (FORCE)", copy)
