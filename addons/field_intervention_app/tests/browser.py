"""A phone for the tests: a Chromium with its own profile, which can be killed and started again."""

import base64
import json
import os
import resource
import shutil
import signal
import subprocess
import time
import unittest
from pathlib import Path

try:
    import websocket
except ImportError:
    websocket = None

BROWSERS = ("chromium", "google-chrome", "google-chrome-stable", "chromium-browser")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--no-first-run",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    "--remote-debugging-port=0",
    "--remote-allow-origins=*",
)
# reads a value off the page; the app's own store tells what waits
WAITING = "fieldApp.state.outbox.length"


def _lift_memory_limit():
    """Odoo limits the address space of its process, of which Chromium maps much and uses little."""
    resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


class Phone:
    """A browser of 390 x 844 pixels on one profile."""

    def __init__(self, profile, url, lang="en-US"):
        self.profile, self.url, self.lang = Path(profile), url, lang
        self.camera = self.profile / "camera.mjpeg"  # what it sees; else a test picture
        self.process = self.tab = None
        self.errors = []

    def start(self, path="/field/"):
        """Start the browser, as by a tap on the icon."""
        program = next(filter(None, map(shutil.which, BROWSERS)), None)
        if not program or not websocket:
            raise unittest.SkipTest("Chrome executable or websocket-client not found")
        port_file = self.profile / "DevToolsActivePort"
        port_file.unlink(missing_ok=True)
        self.process = subprocess.Popen(
            [program, *FLAGS, f"--user-data-dir={self.profile}", f"--lang={self.lang}"]
            + [f"--use-file-for-fake-video-capture={self.camera}"] * self.camera.exists()
            + [f"--accept-lang={self.lang}", "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_lift_memory_limit,
        )
        self._until(lambda: port_file.exists() and "\n" in port_file.read_text(), "Chrome")
        self.port = int(port_file.read_text().split("\n")[0])
        self.tab = Tab(self)
        self.tab.open(path)
        return self

    def kill(self):
        """The battery is empty: nothing is written any more."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.tab.socket.close()

    def stop(self):
        if self.process and self.process.poll() is None:
            self.kill()

    @staticmethod
    def _until(test, what, seconds=30):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = test()
            if found:
                return found
            time.sleep(0.05)
        raise AssertionError(f"waited {seconds} s in vain for {what}")

    def new_tab(self, path="/field/"):
        tab = Tab(self)
        tab.open(path)
        return tab


class Tab:
    """One page, spoken to over the DevTools socket."""

    def __init__(self, phone):
        self.phone, self.count = phone, 0
        browser = self._connect_browser()
        target = self._ask(browser, "Target.createTarget", url="about:blank")["targetId"]
        browser.close()
        self.socket = websocket.create_connection(
            f"ws://127.0.0.1:{phone.port}/devtools/page/{target}", suppress_origin=True, timeout=60
        )
        for domain in ("Page", "Runtime", "Network", "DOM"):
            self.ask(f"{domain}.enable")
        self.ask(
            "Emulation.setDeviceMetricsOverride",
            width=390,
            height=844,
            deviceScaleFactor=1,
            mobile=True,
        )

    def _connect_browser(self):
        path = (self.phone.profile / "DevToolsActivePort").read_text().split("\n")[1]
        return websocket.create_connection(
            f"ws://127.0.0.1:{self.phone.port}{path}", suppress_origin=True, timeout=60
        )

    def ask(self, method, **params):
        return self._ask(self.socket, method, **params)

    def _ask(self, socket, method, **params):
        self.count += 1
        socket.send(json.dumps({"id": self.count, "method": method, "params": params}))
        while True:
            message = json.loads(socket.recv())
            if message.get("method") == "Runtime.exceptionThrown":
                details = message["params"]["exceptionDetails"]
                self.phone.errors.append(
                    details.get("exception", {}).get("description") or details["text"]
                )
            if message.get("id") == self.count:
                if "error" in message:
                    raise AssertionError(f"{method}: {message['error']}")
                return message["result"]

    def open(self, path):
        self.ask("Page.navigate", url=f"{self.phone.url}{path}")

    def reload(self):
        self.ask("Page.reload")

    def run(self, code):
        """The value of an expression, which may be awaited."""
        answer = self.ask(
            "Runtime.evaluate", expression=code, awaitPromise=True, returnByValue=True
        )
        if "exceptionDetails" in answer:
            details = answer["exceptionDetails"]
            raise AssertionError(details.get("exception", {}).get("description", details))
        return answer["result"].get("value")

    def wait(self, code, seconds=20):
        """Wait until an expression is true; return it."""

        def test():
            try:
                return self.run(code)
            except AssertionError:
                return None  # the page is being loaded

        try:
            return Phone._until(test, code, seconds)
        except AssertionError as error:
            shown = self.run("document.body.innerText.slice(0, 600)")
            raise AssertionError(f"{error}; errors {self.phone.errors}; page: {shown}") from None

    def wait_for(self, selector, seconds=20):
        return self.wait(f"!!document.querySelector({json.dumps(selector)})", seconds)

    def click(self, selector):
        selector = f"{selector}:not(:disabled)"
        self.wait_for(selector)
        self.run(f"document.querySelector({json.dumps(selector)}).click()")

    def fill(self, selector, text):
        self.wait_for(selector)
        self.run(
            f"""(() => {{
                const field = document.querySelector({json.dumps(selector)});
                field.value = {json.dumps(text)};
                field.dispatchEvent(new Event("input", {{ bubbles: true }}));
                field.dispatchEvent(new Event("change", {{ bubbles: true }}));
            }})()"""
        )

    def choose_file(self, selector, path):
        """Give a file to an input, as the camera does."""
        root = self.ask("DOM.getDocument")["root"]["nodeId"]
        node = self.ask("DOM.querySelector", nodeId=root, selector=selector)["nodeId"]
        self.ask("DOM.setFileInputFiles", files=[str(path)], nodeId=node)

    def drag(self, selector):
        """Draw with a finger over an element."""
        x, y, width, height = self.run(
            f"""(() => {{
                const box = document.querySelector({json.dumps(selector)}).getBoundingClientRect();
                return [box.x, box.y, box.width, box.height];
            }})()"""
        )
        points = [
            (x + width * step / 8, y + height * (0.3 + step % 2 / 3)) for step in (1, 2, 4, 7)
        ]
        for number, (left, top) in enumerate(points):
            kind = "mousePressed" if number == 0 else "mouseMoved"
            self.ask("Input.dispatchMouseEvent", type=kind, x=left, y=top, button="left", buttons=1)
        left, top = points[-1]
        self.ask("Input.dispatchMouseEvent", type="mouseReleased", x=left, y=top, button="left")

    def find_small(self):
        """What is smaller than a finger in a glove: the names of the targets below 48 x 48."""
        return self.run(
            """[...document.querySelectorAll(
                "button, a[href], select, summary, textarea, label.check, label.button, input"
            )].filter((element) => element.checkVisibility())
              .map((element) => [element, element.getBoundingClientRect()])
              .filter(([element, box]) => element.type !== "checkbox" && box.width
                  && (box.height < 48 || box.width < 48))
              .map(([element, box]) => `${element.tagName} ${element.className} `
                  + `${element.textContent.trim().slice(0, 30)} ${box.width}x${box.height}`)"""
        )

    def sign_in(self, login, password=None):
        self.fill(".login input[name=login]", login)
        self.fill(".login input[name=password]", password or login)
        self.run("document.querySelector('.login').requestSubmit()")

    def wait_sent(self, seconds=40):
        """Wait until nothing waits on the device."""
        self.wait(f"{WAITING} === 0 && fieldApp.state.net === 'online'", seconds)

    def wait_kept(self):
        """Wait until the worker keeps the whole app."""
        self.wait(
            "navigator.serviceWorker.ready.then(() => !!navigator.serviceWorker.controller)", 40
        )

    def picture(self, path):
        data = self.ask("Page.captureScreenshot", format="png")["data"]
        Path(path).write_bytes(base64.b64decode(data))
