"""The checks that need no running server: each is a program, two run at a time."""

import os
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor

import setup
import translations
from common import ADDONS, ROOT, VENV, Failure, say

# Odoo's own checkers, as its test suite runs them
ODOO_CHECKERS = ("sql_injection", "gettext", "unlink_override")
ODOO_MESSAGES = (
    "sql-injection,gettext-variable,gettext-placeholders,gettext-repr,missing-gettext,"
    "raise-unlink-override,undefined-variable"
)

# of the OCA's hooks: these serve no reader of this repository
NOT_OURS = "xml-field-numeric-without-eval,prefer-readme-rst"


def checks():
    """What is run: [(name, command, additional environment)]."""
    tool = VENV / "bin"
    python = str(tool / "python")
    addons = [
        str(path.parent.relative_to(ROOT)) for path in sorted(ADDONS.glob("*/__manifest__.py"))
    ]
    pos = [str(path.relative_to(ROOT)) for path in sorted(ADDONS.glob("*/i18n/*.po*"))]
    scripts = ["addons", "tests", "tools", "conftest.py"]
    plugins = ",".join(f"_odoo_checker_{name}" for name in ODOO_CHECKERS)
    addons_of_odoo = next(
        path
        for path in (setup.odoo_lib() / "odoo/addons", setup.odoo_lib() / "addons")
        if (path / "test_lint").exists()
    )
    found = [
        ("ruff check", [str(tool / "ruff"), "check", "-q", *scripts], {}),
        ("ruff format", [str(tool / "ruff"), "format", "--check", "-q", *scripts], {}),
        ("pylint-odoo", [python, "-m", "pylint", *addons], {}),
        (
            "Odoo's checkers",
            [python, "-m", "pylint", "--rcfile=/dev/null", "--disable=all", "--score=n"]
            + [f"--enable={ODOO_MESSAGES}", f"--load-plugins={plugins}", *addons],
            {"PYTHONPATH": str(addons_of_odoo / "test_lint/tests")},
        ),
        (
            "OCA's checks of modules",
            [str(tool / "oca-checks-odoo-module"), f"--disable={NOT_OURS}", *addons],
            {},
        ),
        ("translations", [python, str(ROOT / "tools/po_check.py")], {}),
    ]
    if pos:
        found.append(("OCA's checks of translations", [str(tool / "oca-checks-po"), *pos], {}))
    return found


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


class Lints:
    """The checks, run in the background from the moment this is made."""

    def __init__(self):
        self.pool = ThreadPoolExecutor(max_workers=os.cpu_count())
        self.jobs = [self.pool.submit(_check, *check) for check in checks()]

    def add(self, *check):
        """One more check: name, command, additional environment."""
        self.jobs.append(self.pool.submit(_check, *check))

    def report(self):
        """Say how each went; the names of those that failed."""
        failed = []
        for job in self.jobs:
            name, code, output, seconds = job.result()
            if code:
                failed.append(name)
                print(output, flush=True)
            say(f"{name}: {'FAILED' if code else 'ok'} ({seconds:.1f}s)")
        return failed


def refuse(failed):
    """End the command when checks failed."""
    if failed:
        raise Failure(f"Failed: {', '.join(failed)}. No test was run.", "See above for each.")


def main():
    """`make lint`."""
    lints = Lints()
    lints.add(*translations.check())
    refuse(lints.report())
