"""The dispatch board in two browsers: what one dispatcher does the other sees, without a reload."""

import sys
import tempfile
import time
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from odoo.fields import Command
from odoo.tests.common import get_db_name
from odoo.tools import config

from .parallel import session

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tools"))
from board import drag, drag_by_finger, open_board, serve, shows, wait_until_shown
from shot import Browser, Session

LOGIN = "live-dispatcher"
PATIENCE = 20  # seconds; on an idle machine it takes a fraction of one


@pytest.fixture
def board(registry):
    """Two technicians who work all day, and a job of the first one; committed, then removed."""
    with session(registry) as env:
        dispatcher = env["res.users"].create(
            {
                "name": "Dispatcher",
                "login": LOGIN,
                "password": LOGIN,
                "tz": "UTC",
                "group_ids": [
                    Command.link(env.ref("base.group_user").id),
                    Command.link(env.ref("installed_base.group_service_dispatcher").id),
                ],
            }
        )
        calendar = env["resource.calendar"].create(
            {
                "name": "Always",
                "tz": "UTC",
                "attendance_ids": [
                    Command.create({"name": "Day", "dayofweek": day, "hour_from": 7, "hour_to": 19})
                    for day in "0123456"
                ],
            }
        )
        agency = env["service.agency"].search([("company_id", "=", env.company.id)], limit=1)
        technicians = env["hr.employee"].create(
            [
                {
                    "name": name,
                    "is_technician": True,
                    "tz": "UTC",
                    "resource_calendar_id": calendar.id,
                    "technician_agency_ids": agency.ids,
                }
                for name in ("Anna", "Bruno")
            ]
        )
        customer = env["res.partner"].create({"name": "Hôtel du Lac"})
        today = datetime.combine(datetime.now().date(), datetime.min.time())
        job = env["service.intervention"].create(
            {
                "partner_id": customer.id,
                "agency_id": agency.id,
                "technician_id": technicians[0].id,
                "planned_start": today + timedelta(hours=9),
                "planned_hours": 1,
                "state": "planned",
            }
        )
        made = [(r._name, r.ids) for r in (job, technicians, calendar, customer, dispatcher)]
        names = SimpleNamespace(job=job.id, anna=technicians[0].id, bruno=technicians[1].id)
    yield names
    with session(registry) as env:
        env["service.intervention"].browse(names.job).state = "draft"
        for model, ids in made:
            env[model].browse(ids).unlink()


def test_a_drag_by_mouse_or_finger_is_seen_in_the_other_browser(registry, board):
    options = [f"--addons-path={','.join(config['addons_path'])}"]
    for name in ("db_host", "db_port", "db_user", "db_password"):
        if config[name]:
            options.append(f"--{name}={config[name]}")
    with (
        serve(get_db_name(), options) as port,
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as one,
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as two,
        closing(Browser(one, 120)) as first,
        closing(Browser(two, 120)) as second,
    ):
        login = SimpleNamespace(db=get_db_name(), login=LOGIN, password=LOGIN)
        web = Session(f"http://127.0.0.1:{port}", login)
        for browser in (first, second):
            open_board(web, browser, LOGIN)
            assert wait_until_shown(browser, board.job, board.anna, PATIENCE) is not None
        time.sleep(1)  # until both listen to the bus
        drag(second, board.job, board.bruno)
        assert wait_until_shown(first, board.job, board.bruno, PATIENCE) is not None
        drag_by_finger(first, board.job, board.anna)
        assert wait_until_shown(second, board.job, board.anna, PATIENCE) is not None
        assert not shows(second, board.job, board.bruno)
    with session(registry) as env:
        job = env["service.intervention"].browse(board.job)
        assert job.technician_id.id == board.anna
        assert job.version == 2
        assert job.planned_start.hour > 9
