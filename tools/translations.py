"""The translation files: `make i18n`, and whether the templates are up to date."""

import tempfile

import databases
from common import ROOT, VENV, locked, run

PYTHON = VENV / "bin/python"


def _export(folder):
    """A new template of each addon, from the database template of the suite."""
    with locked():
        source = databases.template(demo=False)
    run(
        *(PYTHON, ROOT / "tools/export_terms.py", source, folder, *databases.addons()),
        problem="The terms of the addons could not be exported.",
    )


def update():
    """Bring the templates and the translations up to date with the code."""
    with tempfile.TemporaryDirectory() as folder:
        _export(folder)
        print(run(PYTHON, ROOT / "tools/po_merge.py", folder, problem="Merging failed."), end="")


def check():
    """A lint: the name, the command and its environment."""
    folder = tempfile.mkdtemp()
    _export(folder)
    return ("templates of translations", [str(PYTHON), str(ROOT / "tools/po_check.py"), folder], {})
