"""A server and the dispatch board in browsers, for tests and benchmarks of what happens between
them."""

import os
import socket
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from pathlib import Path
from types import SimpleNamespace

import requests

import odoo

from shot import visit

BOX = """
(() => {
    const box = document.querySelector(`%s`).getBoundingClientRect();
    return {x: box.x, y: box.y, width: box.width, height: box.height};
})()
"""
SEEN = """
!!document.querySelector(`.o_dispatch_lane[data-row="{row}"] [data-job="{job}"]`)
"""
STEPS = 10
HOLD = 0.6  # seconds that a finger rests before it drags


@contextmanager
def serve(database, options=()):
    """A server on the database; its port."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = Path(sys.executable).with_name("odoo")
    program = [sys.executable, str(command)] if command.exists() else [sys.executable, "-m", "odoo"]
    process = subprocess.Popen(
        [
            *(*program, "server", *options, "-d", database),
            *("--http-port", str(port), "--max-cron-threads=0", "--log-level=error"),
        ],
        env=os.environ | {"PYTHONPATH": str(Path(odoo.__path__[0]).parent)},
    )
    try:
        for _second in range(120):
            try:
                requests.get(f"http://127.0.0.1:{port}/web/login?db={database}", timeout=30)
                break
            except requests.ConnectionError:
                time.sleep(1)
        yield port
    finally:
        process.terminate()
        process.wait()


def open_board(session, browser, login):
    page = {"size": "1500x900", "scale": 1, "login": login, "wait": None, "click": [], "eval": []}
    visit(browser, session, SimpleNamespace(url="/odoo/service-board", **page))


def shows(browser, job, row):
    """Whether the bar of a job stands in a row."""
    return browser.run(SEEN.format(job=job, row=row))


def wait_until_shown(browser, job, row, seconds):
    """Wait for a bar in a row; how many seconds it took, None when it never came."""
    start = time.perf_counter()
    while time.perf_counter() - start < seconds:
        if shows(browser, job, row):
            return time.perf_counter() - start
        time.sleep(0.01)
    return None


def _get_way(browser, job, row):
    """From a bar to another row, a bit to the right, where it is free."""
    bar = browser.run(BOX % f'.o_dispatch_bar[data-job="{job}"]')
    lane = browser.run(BOX % f'.o_dispatch_lane[data-row="{row}"]')
    begin = (bar["x"] + 4, bar["y"] + bar["height"] / 2)
    end = (lane["x"] + lane["width"] * 0.8, lane["y"] + lane["height"] / 2)
    return [
        {axis: a + (b - a) * step / STEPS for axis, a, b in zip("xy", begin, end, strict=True)}
        for step in range(STEPS + 1)
    ]


def drag(browser, job, row):
    """Drag a bar into another row with the mouse."""
    way = _get_way(browser, job, row)
    kinds = ["mousePressed", *["mouseMoved"] * STEPS, "mouseReleased"]
    for kind, place in zip(kinds, [*way, way[-1]], strict=True):
        browser.ask(
            "Input.dispatchMouseEvent", type=kind, button="left", buttons=1, clickCount=1, **place
        )


def drag_by_finger(browser, job, row):
    """Drag a bar into another row on a touch screen: rest on it, then move."""
    browser.ask("Emulation.setTouchEmulationEnabled", enabled=True)
    way = _get_way(browser, job, row)
    browser.ask("Input.dispatchTouchEvent", type="touchStart", touchPoints=[way[0]])
    time.sleep(HOLD)
    for place in way[1:]:
        browser.ask("Input.dispatchTouchEvent", type="touchMove", touchPoints=[place])
    browser.ask("Input.dispatchTouchEvent", type="touchEnd", touchPoints=[])
