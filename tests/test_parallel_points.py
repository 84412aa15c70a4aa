"""Two people debit one contract at once, each on a connection of their own: never overdrawn."""

from concurrent.futures import ThreadPoolExecutor

import psycopg2
import pytest

from odoo.exceptions import ValidationError
from odoo.tools import SQL, mute_logger

from .parallel import refused, session

TRIES = 40


@pytest.fixture
def card(registry):
    """A committed, active contract of ten points."""
    with session(registry) as env:
        contract = env["service.contract"].create(
            {
                "partner_id": env["res.partner"].create({"name": "Mairie"}).id,
                "kind": "points",
                "points_initial": 10,
            }
        )
        contract.action_activate()
        contract_id, partner_id = contract.id, contract.partner_id.id
    yield contract_id
    with registry.cursor() as cr:
        cr.execute("DELETE FROM service_points_move WHERE contract_id = %s", [contract_id])
        cr.execute("DELETE FROM service_contract WHERE id = %s", [contract_id])
        cr.execute("DELETE FROM res_partner WHERE id = %s", [partner_id])
    registry.clear_all_caches()


def read(registry, card):
    """The balance on the contract, and the sum of its ledger."""
    with session(registry) as env:
        balance = env["service.contract"].browse(card).points_balance
        [(total,)] = env.execute_query(
            SQL("SELECT sum(points) FROM service_points_move WHERE contract_id = %s", card)
        )
    return balance, total


def debit(registry, card, points):
    """Debit as Odoo does: try again when another transaction came first; whether it worked."""
    for _try in range(TRIES):
        try:
            with session(registry) as env:
                env["service.contract"].browse(card)._move_points(-points, "debit")
            return True
        except psycopg2.errors.SerializationFailure:
            continue
        except ValidationError:
            return False
    raise AssertionError("never came through")


def test_who_comes_second_is_told_to_try_again_and_then_refused(registry, card):
    with session(registry) as slow:
        with session(registry) as quick:
            quick["service.contract"].browse(card)._move_points(-6, "debit")
        with refused(slow):
            slow["service.contract"].browse(card)._move_points(-6, "debit")
    assert not debit(registry, card, 6)
    assert read(registry, card) == (4.0, 4.0)


def test_a_reservation_released_at_once_with_a_debit_keeps_the_sum(registry, card):
    with session(registry) as env:
        env["service.contract"].browse(card)._move_points(-8, "reserve")
    with session(registry) as slow:
        with session(registry) as quick:
            quick["service.contract"].browse(card)._move_points(8, "release")
        with refused(slow):
            slow["service.contract"].browse(card)._move_points(-2, "debit")
    assert debit(registry, card, 2)
    assert read(registry, card) == (8.0, 8.0)


def test_many_debits_at_once_never_overdraw(registry, card):
    with mute_logger("odoo.sql_db"), ThreadPoolExecutor(max_workers=4) as pool:
        done = list(pool.map(lambda _n: debit(registry, card, 3), range(6)))
    assert done.count(True) == 3
    assert read(registry, card) == (1.0, 1.0)


def test_the_database_itself_refuses_a_negative_balance(registry, card):
    with (
        registry.cursor() as cr,
        mute_logger("odoo.sql_db"),
        pytest.raises(psycopg2.errors.CheckViolation),
    ):
        cr.execute("UPDATE service_contract SET points_balance = -1 WHERE id = %s", [card])
