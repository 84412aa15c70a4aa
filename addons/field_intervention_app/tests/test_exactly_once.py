"""Random weeks of two technicians: the database equals a simple model of what each of them did."""

import random
from collections import defaultdict
from datetime import timedelta
from unittest.mock import patch

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.fields import Command
from odoo.tests import tagged

from .common import FieldAppCommon

# what happens next: on which phone, what, on which intervention, how many
EVENTS = st.lists(
    st.tuples(
        st.sampled_from(["first", "second"]),
        st.sampled_from(["consume", "time", "take_back", "unconsume", "cancel", "sync", "sync"]),
        st.integers(0, 2),
        st.integers(1, 3),
    ),
    min_size=4,
    max_size=12,
)
VAN = 10


class Phone:
    """A device with its outbox, behind a network that loses, doubles and reorders."""

    def __init__(self, test, user):
        self.test, self.user, self.outbox, self.used = test, user, [], []

    def do(self, kind, intervention, /, **payload):
        command = self.test._command(kind, intervention, **payload)
        self.outbox.append(command)
        return command

    def sync(self, chance, lossless=False):
        """Send the outbox until all is answered, or until an answer gets lost."""
        while self.outbox:
            answers = self._send_some(chance)
            if not lossless and chance.random() < 0.4:
                return
            settled = {a["uuid"] for a in answers if a["verdict"] != "retry"}
            self.outbox = [c for c in self.outbox if c["uuid"] not in settled]

    def _send_some(self, chance):
        """A batch with chains in any order, each of them in its own; sometimes sent twice."""
        chains = defaultdict(list)
        for command in self.outbox:
            chains[command["chain"]].append(command)
        order = sorted(chains, key=lambda _chain: chance.random())
        batch = [command for chain in order for command in chains[chain]]
        batch = batch[: chance.randint(1, len(batch))]
        for _copy in range(chance.choice((1, 2))):
            answers = self.test._push(*batch, user=self.user)
        return answers


@tagged("post_install", "-at_install")
class TestExactlyOnce(FieldAppCommon):
    def setUp(self):
        super().setUp()
        stock = self.env["stock.quant"]
        stock._update_available_quantity(self.burner, self.van, VAN - 5)
        stock._update_available_quantity(self.burner, self.colleague_van, VAN)
        self.interventions = self.intervention
        for days in (1, 2):
            self.interventions += self._plan(self.request, self.start + timedelta(days=days))
        self.interventions.helper_ids = [Command.set((self.technician + self.colleague).ids)]
        self._pull(self.technician_user)
        self._pull(self.colleague_user)

    def _live(self, events, chance):
        """Play some events; return what was used, taken back and noted in truth."""
        phones = {
            "first": Phone(self, self.technician_user),
            "second": Phone(self, self.colleague_user),
        }
        used, back, times = {}, 0, 0
        for name, event, position, quantity in events:
            phone, intervention = phones[name], self.interventions[position]
            if event == "consume":
                entry = phone.do(
                    "consume",
                    intervention,
                    product=self.burner.id,
                    quantity=quantity,
                    at=self._now(),
                )
                used[entry["uuid"]] = (phone, intervention, quantity)
            elif event == "unconsume":
                mine = [key for key, value in used.items() if value[0] is phone]
                if mine:
                    _phone, where, _quantity = used.pop(mine[-1])
                    phone.do("unconsume", where, command=mine[-1])
            elif event == "take_back":
                phone.do("take_back", intervention, product=self.burner.id, quantity=quantity)
                back += quantity
            elif event == "time":
                phone.do(
                    "time", intervention, kind="work", start=self._now(hours=1), stop=self._now()
                )
                times += 1
            elif event == "cancel" and intervention.state != "cancelled":
                intervention.action_cancel("Office")
            elif event == "sync":
                phone.sync(chance)
        for phone in phones.values():
            phone.sync(chance, lossless=True)
        return sum(quantity for _p, _i, quantity in used.values()), back, times

    def _read(self):
        """What the database says: the same three numbers, and what the vans hold."""
        consumptions = self.env["service.consumption"].search(
            [("request_id", "=", self.request.id), ("state", "=", "done")]
        )
        moves = self.env["stock.move"].search(
            [("product_id", "=", self.burner.id), ("state", "=", "done")]
        )
        returned = moves.filtered(
            lambda m: m.location_dest_id.usage == "internal" and not m.service_consumption_id
        )
        held = self._on_hand(self.burner, self.van) + self._on_hand(self.burner, self.colleague_van)
        return (
            sum(consumptions.mapped("quantity")),
            sum(returned.mapped("quantity")),
            len(self.interventions.time_ids),
            held,
        )

    def _check(self, events, seed):
        with self.env.cr.savepoint() as savepoint:
            used, back, times = self._live(events, random.Random(seed))
            self.assertEqual(self._read(), (used, back, times, 2 * VAN - used + back))
            savepoint.rollback()
        self.env.invalidate_all()

    @settings(
        max_examples=20,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(events=EVENTS, seed=st.integers(0, 2**16))
    def test_the_database_is_what_was_done(self, events, seed):
        self._check(events, seed)

    def test_without_the_claim_the_same_check_fails(self):
        """The negative control: the check sees the fault that it is for."""
        commands = type(self.env["service.field.command"])
        claim = commands._claim

        def claim_anything(log, device, entries):
            log.env.cr.execute(
                "UPDATE service_field_command SET uuid = gen_random_uuid() WHERE uuid = ANY(%s)",
                [[entry["uuid"] for entry in entries]],
            )
            return claim(log, device, entries)

        events = [("first", "consume", 0, 2), ("first", "time", 0, 1), ("first", "sync", 0, 1)]
        self._check(events, 1)
        caught = 0
        for seed in range(6):
            with patch.object(commands, "_claim", claim_anything), self.env.cr.savepoint() as point:
                try:
                    used, back, times = self._live(events, random.Random(seed))
                    caught += self._read() != (used, back, times, 2 * VAN - used + back)
                finally:
                    point.rollback()
            self.env.invalidate_all()
        self.assertGreaterEqual(caught, 3)
