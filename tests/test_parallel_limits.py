"""Two people use up the limits of one contract at once, each on a connection of their own."""

from concurrent.futures import ThreadPoolExecutor

import psycopg2
import pytest

from odoo.fields import Command
from odoo.tools import mute_logger

from .parallel import cleaning, refused, session

TRIES = 40


@pytest.fixture
def promise(registry):
    """Make a committed, active contract of one limited promise; answer its customer and line."""
    tables = (
        "mail_message",
        "mail_followers",
        "service_request_stage_history",
        "service_consumption",
        "service_request_equipment",
        "service_request",
        "service_contract_coverage",
        "service_contract",
        "service_competence",
        "product_product",
        "product_template",
        "res_partner",
    )

    def make(**limit):
        with session(registry) as env:
            partner = env["res.partner"].create({"name": "Mairie"})
            contract = env["service.contract"].create(
                {
                    "partner_id": partner.id,
                    "coverage_ids": [Command.create({"scope": "customer", **limit})],
                }
            )
            contract.action_activate()
            return partner.id, contract.coverage_ids.id

    with cleaning(registry, *tables):
        yield make


def ask(env, partner_id):
    """A request about a competence: limits count for those of machines and of competences."""
    competence = env["service.competence"].search([("code", "=", "PARALLEL")]) or env[
        "service.competence"
    ].create({"name": "Parallel", "code": "PARALLEL"})
    return env["service.request"].create(
        {"partner_id": partner_id, "title": "Leak", "competence_id": competence.id}
    )


def choose(env, request_id, line_id):
    """What a call taker decides; the part of the parts that the contract pays for."""
    request = env["service.request"].browse(request_id)
    contract = env["service.contract.coverage"].browse(line_id).contract_id
    request.write({"coverage_manual": "contract", "coverage_contract_id": contract.id})
    return request.parts_rate


def make_labor(registry):
    with session(registry) as env:
        hour = env.ref("uom.product_uom_hour")
        values = {"name": "Labour", "type": "service", "uom_id": hour.id, "list_price": 60}
        return env["product.product"].create(values).id


def work(env, request_id, labor_id, hours):
    values = {"request_id": request_id, "product_id": labor_id, "quantity": hours}
    return env["service.consumption"].create(values).hours_borne


def again(function):
    """As Odoo does: try again when another transaction came first."""
    for _try in range(TRIES):
        try:
            return function()
        except psycopg2.errors.SerializationFailure:
            continue
    raise AssertionError("never came through")


def read_used(registry, line_id, name):
    with session(registry) as env:
        return env["service.contract.coverage"].browse(line_id)[name]


def test_hours_worked_at_once_are_covered_up_to_the_limit(registry, promise):
    partner_id, line_id = promise(hour_limit=5)
    labor_id = make_labor(registry)
    with session(registry) as env:
        one, other = (ask(env, partner_id).id for _number in range(2))
    with session(registry) as slow:
        with session(registry) as quick:
            assert work(quick, one, labor_id, 4) == 4
        with refused(slow):
            work(slow, other, labor_id, 4)
    with session(registry) as env:
        assert work(env, other, labor_id, 4) == 1
    assert read_used(registry, line_id, "hours_used") == 5


def test_the_last_request_is_covered_once(registry, promise):
    partner_id, line_id = promise(request_limit=1)
    with session(registry) as env:
        ask(env, partner_id).action_cancel()
    with session(registry) as slow:
        with session(registry) as quick:
            assert ask(quick, partner_id).coverage == "full"
        with refused(slow):
            ask(slow, partner_id)
    with session(registry) as env:
        assert ask(env, partner_id).coverage == "none"
    assert read_used(registry, line_id, "requests_used") == 1


def test_the_last_request_is_given_a_contract_by_hand_once(registry, promise):
    partner_id, line_id = promise(request_limit=1)
    with session(registry) as env:
        one, other = (ask(env, partner_id).id for _number in range(2))
        env["service.request"].browse([one, other]).coverage = "none"
    with session(registry) as slow:
        with session(registry) as quick:
            assert choose(quick, one, line_id) == 100
        with refused(slow):
            choose(slow, other, line_id)
    with session(registry) as env:
        assert choose(env, other, line_id) == 0
    assert read_used(registry, line_id, "requests_used") == 1


def test_many_at_once_never_exceed_the_amount(registry, promise):
    partner_id, line_id = promise(amount_limit=200)
    labor_id = make_labor(registry)
    with session(registry) as env:
        requests = [ask(env, partner_id).id for _number in range(4)]

    def attempt(request_id):
        with session(registry) as env:
            return work(env, request_id, labor_id, 1)

    with mute_logger("odoo.sql_db"), ThreadPoolExecutor(max_workers=3) as pool:
        list(pool.map(lambda request_id: again(lambda: attempt(request_id)), requests))
    assert read_used(registry, line_id, "amount_used") == 200
