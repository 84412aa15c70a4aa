"""Two people enter one machine at once, each on a connection of their own: it is there once."""

import psycopg2
import pytest

from odoo.tools import mute_logger

from .parallel import cleaning, session


def test_one_machine_entered_twice_at_once_is_one(registry):
    def enter(env):
        env["service.equipment"].create(
            {"product_id": boiler, "partner_id": customer, "serial_number": "B-1"}
        )
        env.cr.flush()

    with cleaning(registry, "service_equipment", "product_template", "res_partner"):
        with session(registry) as env:
            customer = env["res.partner"].create({"name": "Hôtel du Lac", "is_company": True}).id
            boiler = env["product.product"].create({"name": "Boiler", "is_equipment": True}).id
        with session(registry) as env:
            with session(registry) as other:
                enter(other)
            with mute_logger("odoo.sql_db"), pytest.raises(psycopg2.errors.UniqueViolation):
                enter(env)
            env.cr.rollback()
        with session(registry) as env:
            machines = env["service.equipment"].search([("product_id", "=", boiler)])
            assert machines.mapped("serial_number") == ["B-1"]
