#!/usr/bin/env python3
"""Set up, run and test these addons. All that is made lands in .odoo/.

    make run        the suite with demo data on http://localhost:8069 (admin / admin)
    make test       lints and all tests; a part of them: make test ARGS="-k loop"
    make setup      all but the database: Odoo, its Python packages, the tools
    make db DB=x    a fresh database with the suite
    make demo DB=x  the same with demo data
    make bench      the benchmarks; some of them: make bench ARGS="delivery"
    make lint       the lints alone
    make format     format the Python files
    make i18n       bring the translation files up to date with the code
    make stop       stop the private PostgreSQL (it stops by itself normally)
    make clean      remove .odoo/

    .odoo/bin/odoo ...   the command line of Odoo      .odoo/bin/psql ...   psql

Variables: DB (the database of `make run`), ARGS (more options), PYTHON, ODOO_PORT, ODOO_HOME,
ODOO_LANGUAGES, PGHOST and its like, PGBIN, DEBIAN_MIRROR; see docs/setup.md.
"""

import os
import sys

if not (3, 11) <= sys.version_info[:2] <= (3, 13):
    sys.exit(
        f"These tools need Python 3.11, 3.12 or 3.13; this is {sys.version.split()[0]}.\n"
        "Name one of those: make PYTHON=/usr/bin/python3.11 ..."
    )

import errno
import shutil

import common
import databases
import pg
import serve
import setup
from common import STATE, Failure, locked, say


def database():
    """The database of this checkout, unless DB names another one."""
    name = os.environ.get("DB") or databases.full_name("aftersales")
    if not name.replace("_", "").replace("-", "").isalnum():
        raise Failure(f"DB={name}: letters, digits, _ and - only, please.")
    return name


def prepared(dev=False):
    """Set up under the lock and have PostgreSQL at hand: a context."""
    with locked():
        setup.prepare(dev)
    return pg.server()


def command_setup(_args):
    with prepared(dev=True), locked():
        setup.configure(database())
    say("set up; next: make run, or make test")


def command_run(args):
    with prepared():
        name = database()
        setup.configure(databases.full_name("aftersales"))
        with locked():
            if databases.exists(name):
                databases.update(name)
            else:
                databases.create(name, demo=True)
        return serve.serve(name, args)


def _named_database():
    if not os.environ.get("DB"):
        raise Failure("Which database?", "For example: make db DB=try")
    return database()


def command_db(_args, demo=False):
    with prepared():
        name = _named_database()
        setup.configure(databases.full_name("aftersales"))
        with locked():
            databases.create(name, demo)
    say(f"{name} is ready: .odoo/bin/odoo -d {name}, or make run DB={name}")


def command_demo(args):
    command_db(args, demo=True)


def command_test(args):
    import run_tests

    with prepared(dev=True):
        setup.configure(databases.full_name("aftersales"))
        return run_tests.run(args)


def command_bench(args):
    import run_benchmarks

    with prepared():
        setup.configure(databases.full_name("aftersales"))
        return run_benchmarks.run(args)


def command_lint(_args):
    import lint

    with prepared(dev=True):
        setup.configure(databases.full_name("aftersales"))
        with lint.checked():
            say("all lints passed")
        return 0


def command_format(_args):
    with prepared(dev=True):
        return common.call(common.VENV / "bin/ruff", "format", "-q", cwd=common.ROOT)


def command_i18n(_args):
    with prepared(dev=True):
        setup.configure(databases.full_name("aftersales"))
        with databases.temporary() as name:
            script = common.ROOT / "tools/po_merge.py"
            return common.call(common.VENV / "bin/python", script, name, *databases.dependencies())


def command_odoo(args):
    with prepared():
        setup.configure(databases.full_name("aftersales"))
        return databases.odoo(*args)


def command_psql(args):
    with prepared():
        setup.configure(databases.full_name("aftersales"))
        return common.call("psql", *(args or ["-d", databases.full_name("aftersales")]))


def command_stop(_args):
    if not os.environ.get("PGHOST") and STATE.exists():
        pg.Private().stop()


def command_clean(_args):
    if STATE.exists():
        say(f"removing {STATE}, which may take a minute")
        with locked():
            if not os.environ.get("PGHOST"):
                pg.Private().remove()
            shutil.rmtree(STATE)


def command_help(_args):
    print(__doc__)


def main():
    command, *args = sys.argv[1:] or ["help"]
    commands = {
        name.removeprefix("command_"): function
        for name, function in globals().items()
        if name.startswith("command_")
    }
    if command not in commands:
        sys.exit(f"{command}? One of: {', '.join(commands)}")
    common.catch_signals()
    try:
        return commands[command](args)
    except Failure as failure:
        sys.stdout.flush()
        print(f"\n{failure.problem}\n{failure.remedy}".rstrip(), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        say("interrupted")
        return 130
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        print("\nThe disk is full: make room, then run it again.", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
