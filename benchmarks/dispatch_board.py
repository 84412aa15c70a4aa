"""The dispatch board in browsers: 40 technicians and 2,000 interventions in one week.

How long until it is painted; and in two browsers, that a drag in one is seen in the other.

A server of its own is started on the database; what is made for it is deleted at the end."""

import statistics
import sys
import tempfile
import time
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

from odoo.fields import Command

from common import benchmark

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tools"))
from board import drag, open_board, serve, wait_until_shown
from shot import Browser, Session

TECHNICIANS = 40
JOBS = 2000
DAY, WEEK = 300, 600  # milliseconds until it is painted
LIVE = 3000  # milliseconds until another session sees a drag
LOGIN = "bench-dispatcher"

OPEN = """
new Promise(async (resolve) => {
    const start = performance.now();
    await odoo.__WOWL_DEBUG__.root.actionService.doAction(
        'field_intervention.service_intervention_action_board', {clearBreadcrumbs: true});
    const look = () => document.querySelectorAll('.o_dispatch_bar').length > 100
        ? requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - start)))
        : setTimeout(look, 5);
    look();
})
"""
SWITCH = """
new Promise((resolve) => {
    const start = performance.now();
    const before = document.querySelectorAll('.o_dispatch_bar').length;
    document.querySelector('[data-scale=%s]').click();
    const look = () => document.querySelectorAll('.o_dispatch_bar').length !== before
        ? requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - start)))
        : setTimeout(look, 5);
    look();
})
"""
ANSWER = """
performance.getEntriesByType('resource').filter((e) => /get_board/.test(e.name)).at(-1).duration
"""
COUNT = "document.querySelectorAll('.o_dispatch_bar').length"
# a bar of the first technician, and the row of the second one
CHOOSE = """
(() => {
    const [from, to] = [...document.querySelectorAll('.o_dispatch_lane')]
        .filter((lane) => lane.querySelectorAll('.o_dispatch_bar').length > 5);
    return {job: from.querySelector('.o_dispatch_bar').dataset.job, row: to.dataset.row};
})()
"""


def make_week(env):
    """Technicians and their jobs of the week around today; the records, last made first."""
    user = env["res.users"].create(
        {
            "name": "Dispatcher",
            "login": LOGIN,
            "password": LOGIN,
            "tz": "UTC",
            "group_ids": [
                Command.link(env.ref("base.group_user").id),
                Command.link(env.ref("installed_base.group_service_dispatcher").id),
            ],
        }
    )
    hours = [
        Command.create({"name": "Day", "dayofweek": day, "hour_from": 7, "hour_to": 19})
        for day in "0123456"
    ]
    calendar = env["resource.calendar"].create(
        {"name": "Bench", "tz": "UTC", "attendance_ids": hours}
    )
    agency = env["service.agency"].search([("company_id", "=", user.company_id.id)], limit=1)
    technicians = env["hr.employee"].create(
        [
            {
                "name": f"Technician {number:02}",
                "is_technician": True,
                "tz": "UTC",
                "resource_calendar_id": calendar.id,
                "technician_agency_ids": agency.ids,
            }
            for number in range(TECHNICIANS)
        ]
    )
    customers = env["res.partner"].create(
        [{"name": f"Customer {number:03}", "city": "Lyon"} for number in range(200)]
    )
    monday = date.today() - timedelta(days=date.today().weekday())
    jobs = env["service.intervention"].create(
        [
            {
                "partner_id": customers[number % 200].id,
                "agency_id": agency.id,
                "technician_id": technicians[number % TECHNICIANS].id,
                "planned_start": datetime.combine(monday, datetime.min.time())
                + timedelta(days=number // TECHNICIANS % 7, hours=7 + number // TECHNICIANS // 7),
                "planned_hours": 1,
                "state": "planned",
            }
            for number in range(JOBS)
        ]
    )
    return [jobs, technicians, calendar, customers, user]


def work(browser):
    """Seconds that the page has worked so far; what other programs take of the machine apart."""
    metrics = browser.ask("Performance.getMetrics")["metrics"]
    return next(metric["value"] for metric in metrics if metric["name"] == "TaskDuration")


def time_one(browser, script):
    """Milliseconds until it is painted, until the server has answered, and of the page's work."""
    before = work(browser)
    painted = browser.run(script)
    return painted, browser.run(ANSWER), (work(browser) - before) * 1000


def measure(browser, repeat):
    """Return the milliseconds of the first opening, the medians of what is done again and again
    (a day, a week: see ``time_one``), and how many bars the week has."""
    browser.ask("Performance.enable", timeDomain="threadTicks")
    first = browser.run(OPEN)
    days, weeks = [], []
    for _number in range(repeat):
        days.append(time_one(browser, OPEN))
        weeks.append(time_one(browser, SWITCH % "week"))
        bars = browser.run(COUNT)
        browser.run(SWITCH % "day")
    day, week = (
        [round(statistics.median(column)) for column in zip(*runs, strict=True)]
        for runs in (days, weeks)
    )
    return round(first), day, week, bars


def watch_live(first, second):
    """Drag in the second browser; return the milliseconds until the first one shows it."""
    for browser in (first, second):
        browser.run(OPEN)
    time.sleep(2)  # until both are connected to the bus
    chosen = second.run(CHOOSE)
    drag(second, **chosen)
    seconds = wait_until_shown(first, seconds=3 * LIVE / 1000, **chosen)
    return 3 * LIVE if seconds is None else round(seconds * 1000)


with benchmark() as bench:
    config = ["-c", bench.args.config] if bench.args.config else []
    made = make_week(bench.env(su=True))
    bench.cr.commit()
    try:
        with (
            serve(bench.args.database, config) as port,
            tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as one,
            tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as two,
            closing(Browser(one, 120)) as browser,
            closing(Browser(two, 120)) as other,
        ):
            login = SimpleNamespace(db=bench.args.database, login=LOGIN, password=LOGIN)
            session = Session(f"http://127.0.0.1:{port}", login)
            open_board(session, browser, LOGIN)
            first, day, week, bars = measure(browser, bench.repeat + 2)
            open_board(session, other, LOGIN)
            live = watch_live(browser, other)
        bench.emit("opened for the first time, with its code", ms=first)
        bench.emit("bars of the week", value=bars)
        bench.emit("ms until the server has answered", day=day[1], week=week[1])
        bench.emit("ms that the page works, waiting apart", day=day[2], week=week[2])
        bench.promise("ms until the day is painted", day[0], DAY)
        bench.promise("ms until the week is painted", week[0], WEEK)
        bench.promise("ms until another browser shows a drag", live, LIVE)
    finally:
        bench.cr.rollback()
        root = bench.env(su=True)
        made[0].with_env(root).write({"state": "draft"})  # what is planned may be deleted
        for records in made:
            records.with_env(root).unlink()
        bench.cr.commit()
