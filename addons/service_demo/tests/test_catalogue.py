from odoo.tests import BaseCase

from ..catalogue.agencies import AGENCIES, SECTORS
from ..catalogue.customers import BLOCKED, CUSTOMERS, GROUP, GROUP_MEMBERS, KITS
from ..catalogue.parts import PARTS, SUBSTITUTES
from ..catalogue.people import COMPETENCES, QUEUES, ROLES, STAFF
from ..catalogue.products import DESCRIPTIONS, MACHINES, SUPPLIERS
from ..catalogue.stories import STORIES
from ..models.demo_contracts import MAINTENANCE, POINTS


class TestCatalogue(BaseCase):
    """The tables that the demo is made of fit together."""

    def test_it_is_as_big_as_promised(self):
        self.assertEqual(len(AGENCIES), 3)
        self.assertEqual(len(CUSTOMERS), 40)
        self.assertEqual(len(MACHINES), 12)
        self.assertEqual(sum(role == "technician" for _n, role, _a in STAFF.values()), 8)
        self.assertLessEqual(max(len(customer[5]) for customer in CUSTOMERS.values()), 4)

    def test_codes_and_references_are_unique(self):
        for codes in (
            [customer[0] for customer in CUSTOMERS.values()],
            [part[0] for part in (*PARTS.values(), *MACHINES.values())],
            [competence[0] for competence in COMPETENCES.values()],
            [story[3] for stories in STORIES.values() for story in stories],
        ):
            self.assertEqual(len(set(codes)), len(codes))

    def test_everything_named_exists(self):
        pairs = [
            ({sector[2] for sector in SECTORS.values()}, AGENCIES),
            ({person[1] for person in STAFF.values()}, ROLES),
            ({person[2] for person in STAFF.values()}, AGENCIES),
            ({user for competence in COMPETENCES.values() for user in competence[3]}, STAFF),
            ({user for queue in QUEUES.values() for user in queue[3]}, STAFF),
            ({key for queue in QUEUES.values() for key in queue[2]}, COMPETENCES),
            ({kit for customer in CUSTOMERS.values() for kit in customer[2]}, KITS),
            ({key for kit in KITS.values() for key, _quantity in kit}, MACHINES),
            ({machine[6] for machine in MACHINES.values()}, SUPPLIERS),
            ({machine[9] for machine in MACHINES.values()}, COMPETENCES),
            ({line[0] for machine in MACHINES.values() for line in machine[10]}, PARTS),
            ({part for told in STORIES.values() for s in told for part, _n in s[6]}, PARTS),
            ({*SUBSTITUTES, *(substitute for substitute, _days in SUBSTITUTES.values())}, PARTS),
            (set(DESCRIPTIONS), MACHINES),
            ({s[0] for told in STORIES.values() for s in told} - {None}, COMPETENCES),
            ({GROUP, *GROUP_MEMBERS, BLOCKED[0], *POINTS}, CUSTOMERS),
            ({contract[0] for contract in MAINTENANCE}, CUSTOMERS),
        ]
        for named, table in pairs:
            self.assertFalse(named - set(table))

    def test_every_machine_has_stories_and_components(self):
        self.assertEqual(set(STORIES), set(MACHINES))
        for machine in MACHINES.values():
            self.assertTrue(3 <= len(machine[10]) <= 6)

    def test_technicians_carry_the_parts_that_the_stories_use(self):
        used = {part for told in STORIES.values() for story in told for part, _n in story[6]}
        self.assertFalse({part for part in used if not PARTS[part][5]})
