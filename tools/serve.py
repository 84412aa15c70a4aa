"""`make run`: the development database on a local web server."""

import os
import socket
import subprocess
import time
import urllib.error
import urllib.request

from common import ROOT, STATE, VENV, Failure, end, say

FIRST_STEPS = ROOT / "tools/first_steps.txt"


def _reserve(port):
    """A socket that keeps the port ours, or None when it is taken.

    Odoo opens its TCP port some seconds from now; until then, and for other commands like this
    one, holding the UDP port of the same number says that it is spoken for."""
    guard = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
            guard.bind(("127.0.0.1", port))
        except OSError:
            guard.close()
            return None
    return guard


def choose_port():
    """ODOO_PORT, or the first free port from 8069 on, and the socket that reserves it."""
    wanted = os.environ.get("ODOO_PORT")
    if wanted:
        if not wanted.isdigit() or not 0 < int(wanted) < 65536:
            raise Failure(f"ODOO_PORT={wanted} is not the number of a port.")
        if guard := _reserve(int(wanted)):
            return int(wanted), guard
        raise Failure(
            f"Port {wanted} is taken by another program.",
            "Name another one in ODOO_PORT, or leave it out to get the next free one.",
        )
    for port in range(8069, 8169):
        if guard := _reserve(port):
            if port != 8069:
                say(f"port 8069 is taken: using {port}")
            return port, guard
    raise Failure("No port from 8069 to 8168 is free.", "Name one in ODOO_PORT.")


def _answers(url):
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


def _ready(child, port):
    """Wait for the first page; whether the server is up."""
    while child.poll() is None:
        # the login page also makes Odoo load the database and bundle the assets
        if _answers(f"http://127.0.0.1:{port}/web/health"):
            return _answers(f"http://127.0.0.1:{port}/web/login") and child.poll() is None
        time.sleep(0.2)
    return False


def serve(database, args):
    """Serve a database until Ctrl-C."""
    port, guard = choose_port()
    log = STATE / f"server-{port}.log"
    log.unlink(missing_ok=True)
    say("starting the server")
    child = subprocess.Popen(
        [VENV / "bin/python", VENV / "bin/odoo", "server", "-d", database]
        + [f"--http-port={port}", f"--logfile={log}", *args]
    )
    try:
        if _ready(child, port):
            say("ready")
            _welcome(port, log)
        child.wait()
    except KeyboardInterrupt as error:
        end(child, *error.args)
        say("stopped")
        return 0
    finally:
        guard.close()
    tail = "\n".join(log.read_text().splitlines()[-20:]) if log.exists() else ""
    raise Failure(f"{tail}\n\nThe server ended by itself (exit code {child.returncode}).")


def _welcome(port, log):
    print(f"\n  http://localhost:{port}     login: admin     password: admin\n")
    if FIRST_STEPS.exists():
        print(FIRST_STEPS.read_text())
    print(f"  Ctrl-C stops it; the data stays. Log: {log.relative_to(ROOT)}\n", flush=True)
