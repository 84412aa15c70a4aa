#!/usr/bin/env python3
"""Take the pictures of the README from the running demo database (`make run`).

python3 tools/pictures.py [--port 8069]
"""

import argparse
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PHONE, DESK = "390x844", "1400x860"
# file: login, address, size, what to click first
PICTURES = {
    "requests": ("claire", "/odoo/service-requests", DESK, ()),
    "request": (
        "claire",
        "/odoo/service-requests",
        DESK,
        (".o_kanban_group:nth-child(2) .o_kanban_record",),
    ),
    "equipment": ("claire", "/odoo/equipment", DESK, (".o_data_row .o_data_cell[name=name]",)),
    "contract": (
        "sophie",
        "/odoo/action-service_contract.service_contract_action",
        DESK,
        (".o_data_row:nth-child(12) .o_data_cell[name=partner_id]",),
    ),
    "planning": ("julien", "/odoo/service-board", DESK, ()),
    "my-day": ("hugo", "/odoo/my-day", PHONE, ()),
    "intervention": ("hugo", "/odoo/my-day", PHONE, (".o_kanban_record",)),
    "invoice": (
        "isabelle",
        "/odoo/action-account.action_move_out_invoice_type",
        DESK,
        (".o_data_row .o_data_cell[name=partner_id], .o_data_row .o_data_cell",),
    ),
}


def main():
    """Take every picture, or only those that are named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="default: all")
    parser.add_argument("--port", default="8069")
    arguments = parser.parse_args()
    for name in arguments.names or PICTURES:
        login, url, size, clicks = PICTURES[name]
        command = [sys.executable, str(ROOT / "tools/shot.py"), "--port", arguments.port]
        command += ["--login", login, "--url", url, "--size", size, "--lang", "en_US"]
        for click in clicks:
            command += ["--click", click]
        command += ["--out", str(ROOT / f"docs/images/{name}.png")]
        subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
