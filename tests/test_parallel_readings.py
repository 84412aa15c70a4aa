"""Two people read a meter at once, each on a connection of their own: neither misses the other."""

import psycopg2
import pytest

from odoo.exceptions import ValidationError
from odoo.tools import mute_logger

from .parallel import cleaning, refused, session


@pytest.fixture
def meter(registry):
    """The committed meter of a boiler, which read 100 hours on the first of January."""
    tables = ("service_meter_reading", "service_meter", "service_meter_type", "service_equipment")
    with cleaning(registry, *tables, "product_template", "res_partner"):
        with session(registry) as env:
            machine = env["service.equipment"].create(
                {
                    "partner_id": env["res.partner"].create({"name": "Hôtel du Lac"}).id,
                    "product_id": env["product.product"].create({"name": "Boiler"}).id,
                }
            )
            hours = env["service.meter.type"].create(
                {"name": "Hours", "uom_id": env.ref("uom.product_uom_hour").id}
            )
            meter = env["service.meter"].create({"equipment_id": machine.id, "type_id": hours.id})
            read(meter, "2026-01-01", 100)
        yield meter


def read(meter, date, value):
    return meter.env["service.meter.reading"].create(
        {"meter_id": meter.id, "date": f"{date} 08:00:00", "value": value}
    )


def read_at_once(registry, meter, first, second):
    """Enter the first reading while another person enters the second one, who comes too late."""
    with session(registry) as env:
        with session(registry) as other:
            read(meter.with_env(other), *first)
        with refused(env):
            read(meter.with_env(env), *second)


def test_two_readings_at_once_share_what_was_consumed(registry, meter):
    march, february = ("2026-03-01", 160), ("2026-02-01", 120)
    read_at_once(registry, meter, march, february)
    with session(registry) as env:  # Odoo tries a refused transaction again
        read(meter.with_env(env), *february)
    with session(registry) as env:
        readings = meter.with_env(env).reading_ids.sorted("date")
        assert readings.mapped("consumed") == [0, 20, 40]
        assert meter.with_env(env).value == 160


def test_two_readings_at_once_cannot_contradict_each_other(registry, meter):
    march, february = ("2026-03-01", 160), ("2026-02-01", 180)
    read_at_once(registry, meter, march, february)
    with (
        session(registry) as env,
        pytest.raises(ValidationError, match="it read only 160 Hours later"),
    ):
        read(meter.with_env(env), *february)


def test_one_reading_entered_twice_at_once_is_one(registry, meter):
    february = ("2026-02-01", 120)
    with session(registry) as env:
        with session(registry) as other:
            read(meter.with_env(other), *february)
        with mute_logger("odoo.sql_db"), pytest.raises(psycopg2.IntegrityError):
            read(meter.with_env(env), *february)
        env.cr.rollback()
    with session(registry) as env:
        read(meter.with_env(env), *february)
        assert len(meter.with_env(env).reading_ids) == 2
