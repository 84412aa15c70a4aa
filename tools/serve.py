"""`make run`: the development database on a local web server."""

import os
import socket
import subprocess
import time
import urllib.error
import urllib.request

from common import ROOT, VENV, Failure, end, say

FIRST_STEPS = ROOT / "tools/first_steps.txt"


def _free(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def choose_port():
    """ODOO_PORT, or the first free port from 8069 on."""
    wanted = os.environ.get("ODOO_PORT")
    if wanted:
        if not wanted.isdigit():
            raise Failure(f"ODOO_PORT={wanted} is not a number.")
        if not _free(int(wanted)):
            raise Failure(
                f"Port {wanted} is taken by another program.",
                "Name another one in ODOO_PORT, or leave it out to get the next free one.",
            )
        return int(wanted)
    for port in range(8069, 8169):
        if _free(port):
            if port != 8069:
                say(f"port 8069 is taken: using {port}")
            return port
    raise Failure("No port from 8069 to 8168 is free.", "Name one in ODOO_PORT.")


def _answers(url):
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


def _start(database, args):
    """Start the server; come back when its first page is there."""
    for _attempt in range(5):
        port = choose_port()
        child = subprocess.Popen(
            [VENV / "bin/python", VENV / "bin/odoo", "server", "-d", database]
            + [f"--http-port={port}", "--log-level=warn", *args]
        )
        try:
            while child.poll() is None:
                # the login page also makes Odoo load the database and bundle the assets
                if _answers(f"http://127.0.0.1:{port}/web/health"):
                    _answers(f"http://127.0.0.1:{port}/web/login")
                    return child, port
                time.sleep(0.2)
        except KeyboardInterrupt as error:
            end(child, *error.args)
            raise
        if _free(port) or os.environ.get("ODOO_PORT"):
            break  # it was not the port
    raise Failure(f"The server ended at once (exit code {child.returncode}).", "See above.")


def serve(database, args):
    """Serve a database until Ctrl-C."""
    child, port = _start(database, args)
    say("ready")
    print(f"\n  http://localhost:{port}     login: admin     password: admin\n")
    if FIRST_STEPS.exists():
        print(FIRST_STEPS.read_text())
    print("  Ctrl-C stops it; the data stays.\n", flush=True)
    try:
        code = child.wait()
    except KeyboardInterrupt as error:
        end(child, *error.args)
        say("stopped")
        return 0
    raise Failure(f"The server ended by itself (exit code {code}).", "See above.")
