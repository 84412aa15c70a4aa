"""Export translation templates; with the Python of .odoo/venv."""

from pathlib import Path

import odoo.init  # noqa: F401  # first, as the command line of Odoo does
from odoo.api import SUPERUSER_ID, Environment
from odoo.modules.registry import Registry
from odoo.tools import config
from odoo.tools.translate import trans_export


def export(database, folder, addons):
    """Write FOLDER/ADDON.pot of each addon, as `odoo i18n export` does; that one can put a
    file elsewhere for one addon at a time only."""
    config.parse_config(["--no-http", "-d", database, "--log-level=warn"], setup_logging=True)
    with Registry(database).cursor(readonly=True) as cr:
        env = Environment(cr, SUPERUSER_ID, {})
        for addon in addons:
            with open(Path(folder) / f"{addon}.pot", "wb") as out:
                trans_export(None, [addon], out, "po", env)
