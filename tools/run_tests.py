"""`make test`: the lints, then all tests on a fresh database, with pytest's summary at the end."""

import os
import secrets

import databases
import lint
import translations
from common import CONF, ROOT, VENV, call, ignore_signals, locked, say


def run(args):
    """Run the tests that `args` select; all of them, and the lints before, when there are none."""
    name = databases.full_name(f"test_{secrets.token_hex(4)}")
    if args:
        say("a part of the tests: the lints are left out")
    lints = None if args else lint.Lints()  # they run while the database is made
    with locked():
        databases.clone(databases.template(demo=False), name)
    try:
        if lints:
            lints.add(*translations.check())
            lint.refuse(lints.report())
        os.chdir(ROOT)
        say(f"pytest on the database {name}")
        return call(
            *(VENV / "bin/python", "-m", "pytest", "--odoo-config", CONF),
            *("--odoo-database", name, "--odoo-http", "--odoo-log-level=warn", *args),
        )
    finally:
        ignore_signals()
        databases.drop(name)
