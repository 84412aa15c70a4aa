"""The technician's app against a real server of two processes: what a phone waits for, and fifty
phones that come back from the cellar at once.

Unlike the other benchmarks this one commits what it makes: run it on a database to throw away.
"""

import json
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import requests

from odoo.fields import Command
from odoo.tools import config

from common import benchmark

DEVICES, DEVICE_VISITS = 50, 10
DAY_VISITS, DAY_PHOTOS, VISIT_PARTS = 30, 60, 4
NOW = datetime.now().replace(microsecond=0)


def make_technician(env, login, visits, parts):
    """A technician with visits of the coming days; return the uuids of these."""
    customer = env["res.partner"].create({"name": login, "is_company": True})
    groups = ("base.group_user", "installed_base.group_service_technician")
    user = env["res.users"].create(
        {
            "name": login,
            "login": login,
            "password": login,
            "group_ids": [Command.link(env.ref(group).id) for group in groups],
        }
    )
    warehouse = env["stock.warehouse"].search([("company_id", "=", env.company.id)], limit=1)
    van = env["stock.location"].create({"name": login, "location_id": warehouse.lot_stock_id.id})
    for part in parts:
        env["stock.quant"].sudo()._update_available_quantity(part, van, 1000)
    employee = env["hr.employee"].create(
        {"name": login, "user_id": user.id, "is_technician": True, "stock_location_id": van.id}
    )
    interventions = env["service.intervention"].create(
        [
            {
                "partner_id": customer.id,
                "technician_id": employee.id,
                "planned_start": NOW + timedelta(hours=2 * n),
                "planned_end": NOW + timedelta(hours=2 * n + 1),
                "state": "planned",
            }
            for n in range(visits)
        ]
    )
    return user.id, interventions.mapped("uuid")


def day_of(visits, parts, photos=0):
    """Ten entries on each visit, as the app makes them, and photos beside."""
    at = NOW.isoformat()
    work = [
        ("step", {"step": "leave", "at": at}),
        ("step", {"step": "arrive", "at": at}),
        *(("consume", {"product": part, "quantity": 1, "at": at}) for part in parts),
        *[("photo", {"name": "p.jpg"})] * photos,
        ("text", {"field": "report", "base": "", "value": "Done"}),
        ("text", {"field": "findings", "base": "", "value": "Seen"}),
        ("text", {"field": "customer_comment", "base": "", "value": "Fine"}),
        ("finish", {"outcome": "done", "at": at}),
    ]
    return [
        {"kind": kind, "chain": visit, "payload": {"intervention": visit, **payload}}
        for visit in visits
        for kind, payload in work
    ]


@contextmanager
def server(database):
    """The address of a server with two processes on the database."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = Path(sys.executable).with_name("odoo")
    program = [sys.executable, str(command)] if command.exists() else [sys.executable, "-m", "odoo"]
    process = subprocess.Popen(
        [*program, "server", "-c", config["config"], "-d", database]
        + ["--http-port", str(port), "--gevent-port", str(port + 1), "--workers", "2"]
        + ["--max-cron-threads", "0", "--log-level", "error", "--limit-time-real", "600"]
    )
    url = f"http://localhost:{port}"
    try:
        for _try in range(120):
            try:
                requests.get(f"{url}/field/", timeout=60)
                break
            except requests.ConnectionError:
                time.sleep(0.5)
        yield url
    finally:
        process.terminate()
        process.wait()


def push_all(url, database, login, uid, commands, verdicts):
    """A device sends what waits on it, in batches, until everything has its verdict."""
    session = requests.Session()

    def call(route, **params):
        while True:
            try:
                return session.post(f"{url}{route}", json={"params": params}, timeout=600).json()
            except requests.ConnectionError:  # the app tries again, too
                time.sleep(0.5)

    call("/web/session/authenticate", db=database, login=login, password=login)
    device = str(uuid.uuid4())
    call("/field/api/pull", device=device, uid=uid)
    waiting = [{"uuid": str(uuid.uuid4()), "seq": n, **c} for n, c in enumerate(commands)]
    while waiting:
        answer = call(
            "/field/api/push", device=device, uid=uid, api_version=2, commands=waiting[:100]
        )
        # a request that met too many others at once is sent again, as the app does
        for result in answer.get("result", {}).get("results", ()):
            if result["verdict"] != "retry":
                verdicts.append(result["verdict"])
                waiting = [c for c in waiting if c["uuid"] != result["uuid"]]


def load(bench, url, crew, parts):
    """Fifty devices push a hundred entries each at once; nothing may be lost or doubled."""
    verdicts = []
    threads = [
        threading.Thread(
            target=push_all,
            args=(url, bench.cr.dbname, f"bench{n}", uid, day_of(visits, parts), verdicts),
        )
        for n, (uid, visits) in enumerate(crew)
    ]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - started
    bench.emit("50 devices at once", entries=len(verdicts), seconds=round(seconds, 1))
    bench.cr.rollback()
    used = (
        bench.env["service.consumption"]
        .sudo()
        .search_count([("product_id", "in", parts), ("state", "=", "done")])
    )
    expected = DEVICES * DEVICE_VISITS * len(parts)
    bench.promise("entries not applied", sum(v != "applied" for v in verdicts), 0)
    bench.promise("parts lost or doubled", abs(used - expected), 0)


def phone(bench, url, visits, parts):
    """What a technician waits for, in a browser behind a network that can be cut."""
    from odoo.addons.field_intervention_app.tests.browser import Phone
    from odoo.addons.field_intervention_app.tests.proxy import Network

    network = Network(int(url.rsplit(":", 1)[1]))
    profile = tempfile.mkdtemp()
    device = Phone(profile, network.url)
    try:
        device.start()
        tab = device.tab
        tab.wait_for(".login")
        online = tab.run("performance.now()")
        tab.sign_in("benchday")
        tab.wait_for(".visit", 60)
        tab.wait_sent()
        tab.wait_kept()
        network.down = True
        tab.open("/field/")
        time.sleep(0.2)
        tab.wait_for(".visit")
        offline = tab.run(
            "performance.getEntriesByName('field-ready')[0]?.startTime ?? performance.now()"
        )
        opened = tab.run(
            """(async () => {
                const start = performance.now();
                document.querySelector(".visit").click();
                while (!document.querySelector(".job")) {
                    await new Promise(requestAnimationFrame);
                }
                return performance.now() - start;
            })()"""
        )
        bench.promise("first start online, ms", round(online), 3000)
        bench.promise("offline start, ms", round(offline), 700)
        bench.promise("opening an intervention, ms", round(opened), 200)
        entries = day_of(visits, parts, photos=DAY_PHOTOS // DAY_VISITS)
        tab.run(
            f"""(async () => {{
                const canvas = document.createElement("canvas");
                canvas.width = 1600;
                canvas.height = 1200;
                const pen = canvas.getContext("2d");
                for (let n = 0; n < 4000; n++) {{
                    pen.fillStyle = `hsl(${{n * 37}} 70% 50%)`;
                    pen.fillRect((n * 97) % 1600, (n * 61) % 1200, 40, 30);
                }}
                const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.8));
                for (const command of {json.dumps(entries)}) {{
                    const taken = command.kind === "photo";
                    if (taken) {{
                        command.payload.blob = crypto.randomUUID();
                    }}
                    await fieldApp.store.enqueue(command, taken ? blob : undefined);
                }}
                await fieldApp.refresh();
            }})()"""
        )
        network.down = False
        started = time.perf_counter()
        tab.run("void fieldApp.sync.run()")
        tab.wait_sent(300)
        seconds = time.perf_counter() - started
        bench.emit("a full day", entries=len(entries), photos=DAY_PHOTOS, visits=DAY_VISITS)
        bench.promise("sync of a full day, s", round(seconds, 1), 10)
    finally:
        device.stop()
        network.close()
        shutil.rmtree(profile, ignore_errors=True)


with benchmark() as bench:
    env = bench.env
    parts, others = (
        env["product.product"].create(
            [{"name": f"{name} {n}", "is_storable": True} for n in range(VISIT_PARTS)]
        )
        for name in ("Bench Part", "Day Part")
    )
    crew = [make_technician(env, f"bench{n}", DEVICE_VISITS, parts) for n in range(DEVICES)]
    _uid, day = make_technician(env, "benchday", DAY_VISITS, others)
    env.flush_all()
    bench.cr.commit()
    with server(bench.cr.dbname) as url:
        phone(bench, url, day, others.ids)
        load(bench, url, crew, parts.ids)
