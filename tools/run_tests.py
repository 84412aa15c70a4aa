"""`make test`: the lints, then all tests on a fresh database, with pytest's summary at the end."""

import os
import secrets

import databases
from common import CONF, ROOT, VENV, call, ignore_signals, locked, say


def run(args):
    """Run the tests that `args` select; all of them, and the lints before, when there are none."""
    name = databases.full_name(f"test_{secrets.token_hex(4)}")
    with locked():
        databases.clone(databases.template(demo=False), name)
    os.chdir(ROOT)
    say(f"pytest on the database {name}")
    try:
        return call(
            *(VENV / "bin/python", "-m", "pytest", "--odoo-config", CONF),
            *("--odoo-database", name, "--odoo-http", "--odoo-log-level=warn", *args),
        )
    finally:
        ignore_signals()
        databases.drop(name)
