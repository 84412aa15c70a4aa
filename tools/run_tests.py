"""`make test`: the lints, then all tests on a fresh database, with pytest's summary at the end."""

import os

import databases
import lint
from common import CONF, ROOT, VENV, call, say


def run(args):
    """Run the tests that `args` select; all of them, and the lints before, when there are none."""
    if args:
        say("a part of the tests: without the lints")
        with databases.temporary() as name:
            return _pytest(name, args)
    with lint.checked() as name:
        return _pytest(name, args)


def _pytest(database, args):
    os.chdir(ROOT)
    say(f"pytest on the database {database}")
    return call(
        *(VENV / "bin/python", "-m", "pytest", "--odoo-config", CONF),
        *("--odoo-database", database, "--odoo-http", "--odoo-log-level=warn", *args),
    )
