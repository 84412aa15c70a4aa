"""The lints: each is a program; as many run at a time as there are processors."""

import contextlib
import os
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor

import databases
import setup
from common import ADDONS, CONF, ROOT, VENV, Failure, say

PYTHON = str(VENV / "bin/python")
# of the OCA's hooks: these serve no reader of this repository
NOT_OURS = "xml-field-numeric-without-eval,prefer-readme-rst"
# it empties a translation that is the term itself ("Date"), which then looks forgotten
NOT_OURS_PO = "po-pretty-format"
# Odoo's own checkers, as its test suite runs them
ODOO_CHECKERS = ("sql_injection", "gettext", "unlink_override")
ODOO_MESSAGES = (
    "sql-injection,gettext-variable,gettext-placeholders,gettext-repr,missing-gettext,"
    "raise-unlink-override,undefined-variable"
)
# Those of Odoo's lints that look at all addons and that Odoo itself passes
ODOO_LINTS = (
    "test_manifests.py::ManifestLinter",
    "test_test_holes.py",
    "test_index.py",
    "test_dunderinit.py",
    "test_onchange_domains.py",
    "test_naming.py",
    "test_override_signatures.py",
    "test_routes.py",
)


def _test_lint():
    """The folder of Odoo's own lints."""
    for parent in ("odoo/addons", "addons"):
        folder = setup.odoo_lib() / parent / "test_lint/tests"
        if folder.exists():
            return folder
    raise Failure("Odoo's addon test_lint is not here.", "Is ODOO_HOME a whole checkout?")


def static_checks():
    """The checks that read files only: [(name, command, more environment)]."""
    tools = VENV / "bin"
    addons = [str((ADDONS / name).relative_to(ROOT)) for name in databases.addons()]
    translated = [str(path.relative_to(ROOT)) for path in sorted(ADDONS.glob("*/i18n/*.po*"))]
    sources = ("addons", "benchmarks", "tests", "tools", "conftest.py")
    plugins = ",".join(f"_odoo_checker_{name}" for name in ODOO_CHECKERS)
    checkers = ("--disable=all", f"--enable={ODOO_MESSAGES}", f"--load-plugins={plugins}")
    oca = (tools / "oca-checks-odoo-module", f"--disable={NOT_OURS}")
    oca_po = (tools / "oca-checks-po", f"--disable={NOT_OURS_PO}")
    found = [
        ("pylint-odoo", (PYTHON, "-m", "pylint", *addons), {}),
        (
            "Odoo's checkers",
            (PYTHON, "-m", "pylint", "--rcfile=/dev/null", "--score=n", *checkers, *addons),
            {"PYTHONPATH": str(_test_lint())},
        ),
        ("ruff check", (tools / "ruff", "check", "-q", *sources), {}),
        ("ruff format", (tools / "ruff", "format", "--check", *sources), {}),
        ("OCA's checks of addons", (*oca, *addons), {}),
        ("translations", (PYTHON, ROOT / "tools/po_check.py"), {}),
    ]
    if translated:
        found.append(("OCA's checks of translations", (*oca_po, *translated), {}))
    return found


def database_checks(database):
    """The checks that need the addons installed."""
    folder = _test_lint()
    pytest = (PYTHON, "-m", "pytest", "-q", "-c", ROOT / "pyproject.toml", f"--rootdir={ROOT}")
    odoo = ("--odoo-config", CONF, "--odoo-database", database, "--odoo-log-level=warn")
    lints = [f"{folder}/{name}" for name in ODOO_LINTS]
    return [
        ("templates of translations", (PYTHON, ROOT / "tools/po_check.py", database), {}),
        ("Odoo's lints", (*pytest, *odoo, *lints), {}),
    ]


def _check(name, command, environment):
    begin = time.monotonic()
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return name, done.returncode, done.stdout.strip(), time.monotonic() - begin


def _report(jobs):
    """Say how each check went; the names of those that failed."""
    failed = []
    for job in jobs:
        name, code, output, seconds = job.result()
        if code:
            failed.append(name)
            print(output, flush=True)
        say(f"{name}: {'FAILED' if code else 'ok'} ({seconds:.1f}s)")
    return failed


@contextlib.contextmanager
def checked():
    """A fresh database of the suite that all lints passed; all of them are run and reported."""
    with ThreadPoolExecutor(os.cpu_count()) as pool, contextlib.ExitStack() as stack:
        jobs = [pool.submit(_check, *check) for check in static_checks()]
        try:  # they run while the database is made
            name = stack.enter_context(databases.temporary())
            jobs += [pool.submit(_check, *check) for check in database_checks(name)]
        finally:
            failed = _report(jobs)
        if failed:
            problem = f"Failed: {', '.join(failed)}. See above; no test was run."
            raise Failure(problem, "Python files are formatted with `make format`.")
        yield name
