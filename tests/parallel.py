"""Two people at once, each on a connection of their own: what they do is committed."""

from contextlib import contextmanager

import psycopg2
import pytest

from odoo import SUPERUSER_ID, api
from odoo.tools import SQL, mute_logger


@contextmanager
def session(registry):
    """An environment of its own connection, which sees what was committed before it began."""
    with registry.cursor() as cr:
        cr.execute("SELECT 1")  # PostgreSQL takes its snapshot now
        yield api.Environment(cr, SUPERUSER_ID, {})


@contextmanager
def refused(env):
    """The later of two transactions is refused by PostgreSQL; Odoo would try it again."""
    with mute_logger("odoo.sql_db"), pytest.raises(psycopg2.errors.SerializationFailure):
        yield
        env.cr.flush()
    env.cr.rollback()


@contextmanager
def cleaning(registry, *tables):
    """Remove in the end the rows that were added, in the order of the tables."""
    with session(registry) as env:
        last = {
            table: env.execute_query(SQL("SELECT max(id) FROM %s", SQL.identifier(table)))[0][0]
            for table in tables
        }
    yield
    with registry.cursor() as cr:
        for table in tables:
            cr.execute(SQL("DELETE FROM %s WHERE id > %s", SQL.identifier(table), last[table] or 0))
    registry.clear_all_caches()
