"""Export translation templates; run with the Python of .odoo/venv.

export_terms.py DATABASE FOLDER ADDON ...   writes FOLDER/ADDON.pot of each

`odoo i18n export` does the same for one addon; this loads the database once for all."""

import sys
from pathlib import Path

from odoo import SUPERUSER_ID
from odoo.api import Environment
from odoo.modules.registry import Registry
from odoo.tools import config
from odoo.tools.translate import trans_export


def main(database, folder, *addons):
    config.parse_config(["--no-http", "-d", database, "--log-level=warn"], setup_logging=True)
    with Registry(database).cursor(readonly=True) as cr:
        env = Environment(cr, SUPERUSER_ID, {})
        for addon in addons:
            with open(Path(folder) / f"{addon}.pot", "wb") as out:
                trans_export(None, [addon], out, "po", env)


if __name__ == "__main__":
    main(*sys.argv[1:])
