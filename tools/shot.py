#!/usr/bin/env python3
"""Take a picture of a screen of a running Odoo, with a headless Chromium.

    python3 tools/shot.py --url /odoo/sales --out sales.png
    python3 tools/shot.py --url /odoo/contacts --login demo --password demo --size 390x844 \\
        --wait .o_kanban_record --click '.o_kanban_record' --out contact.png

It logs in over HTTP, opens the address, waits until the page is quiet, then clicks what
--click names, one after the other, and writes a PNG. What the browser's console says at
level error goes to stderr."""

import argparse
import base64
import contextlib
import json
import os
import re
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PYTHON = Path(__file__).resolve().parent.parent / ".odoo/venv/bin/python"
if Path(sys.prefix) != PYTHON.parent.parent and PYTHON.exists():
    os.execv(PYTHON, [str(PYTHON), *sys.argv])  # requests and websocket are there

import requests  # noqa: E402
import websocket  # noqa: E402

BROWSERS = ("chromium", "google-chrome", "google-chrome-stable", "chromium-browser")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--no-first-run",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)
QUIET = 0.6  # seconds without a request: the page is ready


def options():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--url", required=True, help="path, e.g. /odoo/action-sale.action_orders")
    add("--out", required=True, help="the PNG to write")
    add("--login", default="admin", help="'' for a visitor")
    add("--password", help="default: the login")
    add("--port", default=os.environ.get("ODOO_PORT", "8069"))
    add("--db", help="only where the server has several databases")
    add("--size", default="1400x900", help="WIDTHxHEIGHT")
    add("--scale", type=float, default=1, help="device pixels per pixel")
    add("--full", action="store_true", help="the whole page, however long")
    add("--wait", help="CSS selector to wait for")
    add("--click", action="append", default=[], help="CSS selector to click; may be repeated")
    add("--eval", action="append", default=[], help="JavaScript to run after the clicks")
    add("--lang", help="language code; the user gets it for the time of the picture")
    add("--timeout", type=float, default=60)
    return parser.parse_args()


class Session:
    """A login at the server."""

    def __init__(self, base, args):
        self.base, self.http = base, requests.Session()
        self.uid = None
        if args.db:
            self.http.get(f"{base}/web", params={"db": args.db}, timeout=60)
        if args.login:
            self._log_in(args.login, args.password or args.login)

    def _log_in(self, login, password):
        page = self.http.get(f"{self.base}/web/login", timeout=60).text
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)
        if not token:
            sys.exit(f"{self.base}/web/login shows no login form.")
        data = {"csrf_token": token.group(1), "login": login, "password": password}
        answer = self.http.post(f"{self.base}/web/login", data=data, timeout=60)
        if answer.url.endswith("/web/login"):
            sys.exit(f"{self.base} refuses {login} / {password}.")
        self.uid = self.call("/web/session/get_session_info")["uid"]

    def call(self, route, **params):
        """The result of a JSON route."""
        answer = self.http.post(f"{self.base}{route}", json={"params": params}, timeout=60).json()
        if "error" in answer:
            sys.exit(answer["error"]["data"]["message"])
        return answer["result"]

    def language(self, code=None):
        """Set the user's language, or read it."""
        method, args = ("write", [{"lang": code}]) if code else ("read", [["lang"]])
        return self.call(
            "/web/dataset/call_kw",
            **{"model": "res.users", "method": method, "args": [[self.uid], *args], "kwargs": {}},
        )


def _free_memory():
    # Odoo limits the memory that its process may reserve; a browser reserves much more
    resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


class Browser:
    """A Chromium, spoken to over its DevTools socket."""

    def __init__(self, folder, timeout):
        program = next(filter(None, map(shutil.which, BROWSERS)), None)
        if not program:
            sys.exit("No Chromium here: apt-get install chromium")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.timeout, self.count, self.requests, self.last = timeout, 0, {}, time.monotonic()
        self.process = subprocess.Popen(
            [program, *FLAGS, f"--user-data-dir={folder}", f"--remote-debugging-port={port}"]
            + ["about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=_free_memory,  # noqa: PLW1509
        )
        self.socket = websocket.create_connection(self._page(port), suppress_origin=True)

    def _page(self, port):
        end = time.monotonic() + 30
        while time.monotonic() < end:
            with contextlib.suppress(requests.ConnectionError):
                tabs = requests.get(f"http://127.0.0.1:{port}/json", timeout=10).json()
                for tab in tabs:
                    if tab["type"] == "page":
                        return tab["webSocketDebuggerUrl"]
            time.sleep(0.1)
        sys.exit("Chromium does not start.")

    def close(self):
        self.socket.close()
        self.process.terminate()
        self.process.wait()

    def ask(self, method, **params):
        """Call a method of the DevTools protocol."""
        self.count += 1
        self.socket.send(json.dumps({"id": self.count, "method": method, "params": params}))
        while True:
            message = self._receive(self.timeout)
            if message and message.get("id") == self.count:
                if "error" in message:
                    sys.exit(f"{method}: {message['error']['message']}")
                return message["result"]

    def _receive(self, timeout):
        self.socket.settimeout(timeout)
        try:
            message = json.loads(self.socket.recv())
        except websocket.WebSocketTimeoutException:
            return None
        self._note(message.get("method"), message.get("params", {}))
        return message

    def _note(self, event, params):
        """Keep count of the requests under way, and pass on what went wrong."""
        if event == "Network.requestWillBeSent":
            # the bus loads its worker in a place that we do not hear of
            if not re.match("chrome|data:|blob:|.*websocket", params["request"]["url"]):
                self.requests[params["requestId"]] = params["request"]["url"]
                self.last = time.monotonic()
        elif event in ("Network.loadingFinished", "Network.loadingFailed"):
            self.requests.pop(params["requestId"], None)
            self.last = time.monotonic()
        elif event == "Runtime.exceptionThrown":
            details = params["exceptionDetails"]
            text = details.get("exception", {}).get("description") or details["text"]
            print(f"browser: {text}", file=sys.stderr)
        elif event == "Runtime.consoleAPICalled" and params["type"] == "error":
            words = [str(arg.get("value", arg.get("description", ""))) for arg in params["args"]]
            print(f"console: {' '.join(words)}", file=sys.stderr)

    def settle(self):
        """Wait until no request has been under way for a moment."""
        end = time.monotonic() + self.timeout
        while time.monotonic() < end:
            self._receive(0.1)
            if not self.requests and time.monotonic() - self.last > QUIET:
                return
        waiting = ", ".join(self.requests.values())
        print(f"still loading: {waiting}; taking the picture anyway", file=sys.stderr)

    def run(self, script):
        """The value of a JavaScript expression."""
        answer = self.ask(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True
        )
        if "exceptionDetails" in answer:
            sys.exit(f"{script}: {answer['exceptionDetails']['exception'].get('description')}")
        return answer["result"].get("value")

    def wait(self, selector):
        """Wait for an element that is shown."""
        script = (
            f"[...document.querySelectorAll({json.dumps(selector)})]"
            ".some(e => e.getClientRects().length)"
        )
        end = time.monotonic() + self.timeout
        while not self.run(script):
            if time.monotonic() > end:
                return False
            self._receive(0.1)
        return True

    def click(self, selector):
        """Click in the middle of the first shown element, as a mouse does."""
        box = self.run(
            f"(() => {{ const e = [...document.querySelectorAll({json.dumps(selector)})]"
            ".find(e => e.getClientRects().length); e.scrollIntoView({block: 'center'});"
            "const r = e.getBoundingClientRect();"
            "return {x: r.x + r.width / 2, y: r.y + r.height / 2}; })()"
        )
        for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
            button = "none" if kind == "mouseMoved" else "left"
            self.ask("Input.dispatchMouseEvent", type=kind, button=button, clickCount=1, **box)
        self.last = time.monotonic()

    def picture(self, path, full):
        """Write a PNG of the page."""
        shot = self.ask("Page.captureScreenshot", captureBeyondViewport=full)
        Path(path).write_bytes(base64.b64decode(shot["data"]))


def visit(browser, session, args):
    """Open the page and do what the options say; whether all of it was found."""
    width, height = map(int, args.size.split("x"))
    for domain in ("Page", "Network", "Runtime"):
        browser.ask(f"{domain}.enable")
    browser.ask(
        "Emulation.setDeviceMetricsOverride",
        **{"width": width, "height": height, "deviceScaleFactor": args.scale},
        mobile=width < 600,
    )
    if width < 600:
        browser.ask("Emulation.setTouchEmulationEnabled", enabled=True)
    for cookie in session.http.cookies:
        browser.ask("Network.setCookie", name=cookie.name, value=cookie.value, url=session.base)
    browser.ask("Page.navigate", url=session.base + args.url)
    browser.settle()
    if args.login and args.url.startswith("/odoo"):
        browser.wait(".o_action_manager > *")
        browser.settle()
    ok = True
    for action, selector in [("wait", args.wait)] + [("click", s) for s in args.click]:
        if selector and not browser.wait(selector):
            print(f"not found: {selector}", file=sys.stderr)
            ok = False
            break
        if action == "click":
            browser.click(selector)
            browser.settle()
    for script in args.eval:
        if (value := browser.run(script)) is not None:
            print(value)
        browser.settle()
    return ok


def main():
    args = options()
    session = Session(f"http://localhost:{args.port}", args)
    before = session.language()[0]["lang"] if args.lang else None
    if args.lang:
        session.language(args.lang)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        browser = Browser(folder, args.timeout)
        try:
            ok = visit(browser, session, args)
            browser.picture(args.out, args.full)
        finally:
            browser.close()
            if before:
                session.language(before)
    print(args.out)
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main())
