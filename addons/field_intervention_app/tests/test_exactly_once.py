"""Random weeks of two technicians: the database equals a simple model of what each of them did."""

import random
from collections import Counter, defaultdict
from datetime import timedelta
from unittest.mock import patch

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from odoo.fields import Command
from odoo.tests import tagged

from .common import FieldAppCommon

VAN = 10
NAMES = ("first", "second")
WHO, WHERE, HOW_MANY = st.sampled_from(NAMES), st.integers(0, 2), st.integers(1, 3)
SEED = st.integers(0, 2**16)


class Phone:
    """A device with its outbox, behind a network that loses, doubles and reorders."""

    def __init__(self, test, user):
        self.test, self.user, self.outbox, self.batches = test, user, [], []

    def do(self, kind, intervention, /, **payload):
        command = self.test._command(kind, intervention, **payload)
        self.outbox.append(command)
        return command["uuid"]

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
        self.batches.append(batch)
        for _copy in range(chance.choice((1, 2))):
            answers = self.test._push(*batch, user=self.user)
        return answers


class World:
    """Two technicians with a van each and three interventions, and what they did in truth."""

    def __init__(self, test):
        self.test, self.env = test, test.env
        self.savepoint = self.env.cr.savepoint()
        users = (test.technician_user, test.colleague_user)
        self.phones = {n: Phone(test, user) for n, user in zip(NAMES, users, strict=True)}
        self.used, self.back, self.times = {}, Counter(), Counter()

    def consume(self, name, where, quantity):
        at, burner = self.test._now(), self.test.burner.id
        visit = self.test.interventions[where]
        entry = self.phones[name].do("consume", visit, product=burner, quantity=quantity, at=at)
        self.used[entry] = (name, visit, quantity)

    def unconsume(self, name):
        mine = [entry for entry, (who, *_what) in self.used.items() if who == name]
        if mine:
            _name, visit, _quantity = self.used.pop(mine[-1])
            self.phones[name].do("unconsume", visit, command=mine[-1])

    def take_back(self, name, where, quantity):
        visit = self.test.interventions[where]
        burner = self.test.burner.id
        self.phones[name].do("take_back", visit, product=burner, quantity=quantity)
        self.back[name] += quantity

    def work(self, name, where):
        start, stop = self.test._now(hours=1), self.test._now()
        visit = self.test.interventions[where]
        self.phones[name].do("time", visit, kind="work", start=start, stop=stop)
        self.times[visit] += 1

    def arrive(self, name, where):
        """Whatever becomes of the state, the time is kept."""
        visit = self.test.interventions[where]
        self.phones[name].do("step", visit, step="arrive", at=self.test._now())
        self.times[visit] += 1

    def cancel(self, where):
        """The office cancels."""
        visit = self.test.interventions[where]
        if visit.state != "cancelled":
            visit.action_cancel("Office")

    def give_away(self, where, name):
        """The office gives the intervention to one of them."""
        visit = self.test.interventions[where]
        user = self.phones[name].user
        if visit.state == "planned":
            visit.write({"technician_id": user.employee_id.id, "conflict_reason": "Ill"})

    def sync(self, name, seed):
        self.phones[name].sync(random.Random(seed))

    def replay(self, name, seed):
        """A batch that was lost in the network arrives late, or once more."""
        batches = self.phones[name].batches
        if batches:
            self.test._push(*random.Random(seed).choice(batches), user=self.phones[name].user)

    def steal(self, name, quantity):
        """Somebody sends the id of a colleague's entry with another content."""
        [other] = {*NAMES} - {name}
        sent = [command for batch in self.phones[other].batches for command in batch]
        if sent:
            visit = self.test.interventions[0]
            values = {"product": self.test.burner.id, "quantity": quantity, "at": self.test._now()}
            forged = self.test._command("consume", visit, **values)
            forged["uuid"] = sent[-1]["uuid"]
            [answer] = self.test._push(forged, user=self.phones[name].user)
            self.test.assertEqual(answer["verdict"], "rejected")

    def come_home(self):
        """The network is back for everybody."""
        for phone in self.phones.values():
            phone.sync(random.Random(0), lossless=True)

    def get_truth(self):
        """What was done: times of each intervention, parts out of and into each van."""
        used = Counter()
        for name, _visit, quantity in self.used.values():
            used[name] += quantity
        vans = [VAN - used[name] + self.back[name] for name in NAMES]
        times = [self.times[visit] for visit in self.test.interventions]
        return sum(used.values()), sum(self.back.values()), vans, times

    def get_recorded(self):
        """The same in the database."""
        test = self.test
        consumptions = self.env["service.consumption"].search(
            [("request_id", "=", test.request.id), ("state", "=", "done")]
        )
        moves = self.env["stock.move"].search(
            [("product_id", "=", test.burner.id), ("state", "=", "done")]
        )
        returned = moves.filtered(
            lambda m: m.location_dest_id.usage == "internal" and not m.service_consumption_id
        )
        vans = [
            test._on_hand(test.burner, employee.stock_location_id)
            + test._on_hand(test.burner, employee.defective_location_id)
            for employee in (test.technician, test.colleague)
        ]
        times = [len(visit.time_ids) for visit in test.interventions]
        used = sum(consumptions.mapped("quantity"))
        return used, sum(returned.mapped("quantity")), vans, times

    def check_parts_are_conserved(self):
        """Nothing appears and nothing vanishes between vans, customers and returns."""
        used, returned, vans, _times = self.get_recorded()
        self.test.assertEqual(sum(vans), 2 * VAN - used + returned)

    def end(self):
        self.savepoint.close(rollback=True)
        self.env.invalidate_all()


class Weeks(RuleBasedStateMachine):
    """Anything may happen next."""

    def __init__(self, test):
        super().__init__()
        self.world = World(test)

    @rule(name=WHO, where=WHERE, quantity=HOW_MANY)
    def consume(self, name, where, quantity):
        self.world.consume(name, where, quantity)

    @rule(name=WHO)
    def unconsume(self, name):
        self.world.unconsume(name)

    @rule(name=WHO, where=WHERE, quantity=HOW_MANY)
    def take_back(self, name, where, quantity):
        self.world.take_back(name, where, quantity)

    @rule(name=WHO, where=WHERE)
    def work(self, name, where):
        self.world.work(name, where)

    @rule(name=WHO, where=WHERE)
    def arrive(self, name, where):
        self.world.arrive(name, where)

    @rule(where=WHERE)
    def cancel(self, where):
        self.world.cancel(where)

    @rule(where=WHERE, name=WHO)
    def give_away(self, where, name):
        self.world.give_away(where, name)

    @rule(name=WHO, seed=SEED)
    def sync(self, name, seed):
        self.world.sync(name, seed)

    @rule(name=WHO, seed=SEED)
    def replay(self, name, seed):
        self.world.replay(name, seed)

    @rule(name=WHO, quantity=HOW_MANY)
    def steal(self, name, quantity):
        self.world.steal(name, quantity)

    @invariant()
    def parts_are_conserved(self):
        self.world.check_parts_are_conserved()

    def teardown(self):
        """At the end everybody has a network, and the database is the truth."""
        try:
            self.world.come_home()
            self.world.test.assertEqual(self.world.get_recorded(), self.world.get_truth())
        finally:
            self.world.end()


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

    def test_the_database_is_what_was_done(self):
        run_state_machine_as_test(
            lambda: Weeks(self),
            settings=settings(
                max_examples=12,
                stateful_step_count=14,
                phases=(Phase.generate,),  # steps are few: they can be read without shrinking
                deadline=None,
                derandomize=True,
                database=None,
                suppress_health_check=list(HealthCheck),
            ),
        )

    def _tell_truth(self, seed):
        """Whether what one technician did is in the database, over a network that loses."""
        world = World(self)
        try:
            world.consume("first", 0, 2)
            world.work("first", 0)
            world.sync("first", seed)
            world.come_home()
            return world.get_recorded() == world.get_truth()
        finally:
            world.end()

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

        self.assertTrue(self._tell_truth(1))
        with patch.object(commands, "_claim", claim_anything):
            caught = sum(not self._tell_truth(seed) for seed in range(6))
        self.assertGreaterEqual(caught, 3)
