from unittest.mock import patch

from odoo.tests import tagged

from .common import ServiceContractCommon

BOILER = {"equipment_id": "boiler"}
CUSTOMER = {"scope": "customer"}
HALF = {"parts_rate": 50, "labor_rate": 50, "travel_rate": 50}
ZERO = {"parts_rate": 0, "labor_rate": 0, "travel_rate": 0}
NO_WEAR = {"is_exclusion": True, "equipment_id": "boiler", "component_category_id": "wear"}
WARRANTY, POINTS = {"kind": "warranty"}, {"kind": "points"}
CARD = [CUSTOMER, {**POINTS, "points_initial": 10}]

# Each case: what it is about; the contracts in the order of their ids, each a list of its lines and
# at last its own values if they are not those of a maintenance contract of 2026 of the customer;
# what is asked (default: the boiler on 15 June 2026); the status, the number of the contract that
# covers, and the codes of what was rejected, sorted. Worked out by hand from the specification.
CASES = [
    # What a line names
    ("its machine", [[BOILER]], {}, "full", 0, []),
    ("another machine", [[{"equipment_id": "other"}]], {}, "none", None, ["scope"]),
    ("the system of the machine", [[{"equipment_id": "system"}]], {}, "full", 0, []),
    ("a part of what is asked", [[BOILER]], {"equipment_id": "system"}, "none", None, ["scope"]),
    ("its product", [[{"scope": "product", "product_id": "product"}]], {}, "full", 0, []),
    (
        "another product",
        [[{"scope": "product", "product_id": "nozzle"}]],
        {},
        "none",
        None,
        ["scope"],
    ),
    (
        "its category",
        [[{"scope": "category", "product_category_id": "boilers"}]],
        {},
        "full",
        0,
        [],
    ),
    (
        "a category above",
        [[{"scope": "category", "product_category_id": "heating"}]],
        {},
        "full",
        0,
        [],
    ),
    (
        "another category",
        [[{"scope": "category", "product_category_id": "wear"}]],
        {},
        "none",
        None,
        ["scope"],
    ),
    ("the customer", [[CUSTOMER]], {}, "full", 0, []),
    ("the customer, no machine", [[CUSTOMER]], {"equipment_id": False}, "full", 0, []),
    ("a machine, none asked", [[BOILER]], {"equipment_id": False}, "none", None, ["scope"]),
    ("nobody", [[CUSTOMER]], {"equipment_id": False, "partner_id": False}, "none", None, []),
    # Whose contract
    ("another customer's", [[CUSTOMER, {"partner_id": "clinic"}]], {}, "none", None, []),
    (
        "paid by the customer",
        [[CUSTOMER, {"partner_id": "clinic", "payer_id": "hotel"}]],
        {},
        "full",
        0,
        [],
    ),
    (
        "of the customer's group",
        [[CUSTOMER, {"partner_id": "clinic", "group_partner_id": "hotel"}]],
        {},
        "full",
        0,
        [],
    ),
    (
        "ordered by the customer",
        [[CUSTOMER, {"partner_id": "clinic", "principal_id": "hotel"}]],
        {},
        "full",
        0,
        [],
    ),
    ("asked by an address", [[CUSTOMER]], {"partner_id": "site"}, "full", 0, []),
    ("no contract", [], {}, "none", None, []),
    # When
    ("the day before", [[BOILER]], {"day": "2025-12-31"}, "none", None, ["not_started"]),
    ("the first day", [[BOILER]], {"day": "2026-01-01"}, "full", 0, []),
    ("the last day", [[BOILER]], {"day": "2026-12-31"}, "full", 0, []),
    ("the day after", [[BOILER]], {"day": "2027-01-01"}, "none", None, ["expired"]),
    ("no end", [[BOILER, {"date_end": False}]], {"day": "2099-01-01"}, "full", 0, []),
    (
        "the end of the line",
        [[{**BOILER, "date_end": "2026-03-31"}]],
        {},
        "none",
        None,
        ["expired"],
    ),
    (
        "a longer line",
        [[{**BOILER, "date_end": "2027-03-31"}]],
        {"day": "2027-03-31"},
        "full",
        0,
        [],
    ),
    ("a later line", [[{**BOILER, "date_start": "2026-07-01"}]], {}, "none", None, ["not_started"]),
    (
        "29 February, last day",
        [[BOILER, {"date_end": "2028-02-29"}]],
        {"day": "2028-02-29"},
        "full",
        0,
        [],
    ),
    (
        "1 March after it",
        [[BOILER, {"date_end": "2028-02-29"}]],
        {"day": "2028-03-01"},
        "none",
        None,
        ["expired"],
    ),
    # The state
    ("a draft", [[BOILER, {"active": False}]], {}, "none", None, ["state"]),
    ("the day before a suspension", [[BOILER, {"suspend": "2026-06-16"}]], {}, "full", 0, []),
    ("the first day of one", [[BOILER, {"suspend": "2026-06-15"}]], {}, "none", None, ["state"]),
    ("the day before a termination", [[BOILER, {"terminate": "2026-06-16"}]], {}, "full", 0, []),
    ("the day of one", [[BOILER, {"terminate": "2026-06-15"}]], {}, "none", None, ["state"]),
    # Where and what for
    ("its site", [[{**CUSTOMER, "site_id": "site"}]], {}, "full", 0, []),
    ("another site", [[{**CUSTOMER, "site_id": "hotel"}]], {}, "none", None, ["site"]),
    (
        "its competence",
        [[{**BOILER, "competence_ids": ["hydraulics"]}]],
        {"competence_id": "hydraulics"},
        "full",
        0,
        [],
    ),
    (
        "a family below",
        [[{**BOILER, "competence_ids": ["hydraulics"]}]],
        {"competence_id": "pumps"},
        "full",
        0,
        [],
    ),
    (
        "a family above",
        [[{**BOILER, "competence_ids": ["pumps"]}]],
        {"competence_id": "hydraulics"},
        "none",
        None,
        ["competence"],
    ),
    (
        "another competence",
        [[{**BOILER, "competence_ids": ["hydraulics"]}]],
        {"competence_id": "electricity"},
        "none",
        None,
        ["competence"],
    ),
    (
        "no competence asked",
        [[{**BOILER, "competence_ids": ["hydraulics"]}]],
        {},
        "none",
        None,
        ["competence"],
    ),
    ("any competence", [[BOILER]], {"competence_id": "electricity"}, "full", 0, []),
    # Components and exclusions
    ("a component inherits", [[BOILER]], {"component_product_id": "nozzle"}, "full", 0, []),
    (
        "its component",
        [[{**BOILER, "component_ids": ["nozzle"]}]],
        {"component_product_id": "nozzle"},
        "full",
        0,
        [],
    ),
    (
        "another component",
        [[{**BOILER, "component_ids": ["nozzle"]}]],
        {"component_product_id": "burner"},
        "none",
        None,
        ["component"],
    ),
    (
        "the machine itself",
        [[{**BOILER, "component_ids": ["nozzle"]}]],
        {},
        "none",
        None,
        ["component"],
    ),
    (
        "a component category",
        [[{**BOILER, "component_category_id": "wear"}]],
        {"component_product_id": "nozzle"},
        "full",
        0,
        [],
    ),
    (
        "an excluded wear part",
        [[BOILER, NO_WEAR]],
        {"component_product_id": "nozzle"},
        "none",
        None,
        ["excluded"],
    ),
    ("its machine, though", [[BOILER, NO_WEAR]], {}, "full", 0, []),
    (
        "excluded by another contract",
        [[BOILER], [NO_WEAR]],
        {"component_product_id": "nozzle"},
        "full",
        0,
        [],
    ),
    (
        "an exclusion that is over",
        [[BOILER, {**NO_WEAR, "date_end": "2026-06-14"}]],
        {"component_product_id": "nozzle"},
        "full",
        0,
        [],
    ),
    ("an exclusion alone", [[NO_WEAR]], {}, "none", None, []),
    # What is used up
    ("one request left", [[{**BOILER, "request_limit": 4}]], {}, "full", 0, []),
    ("no request left", [[{**BOILER, "request_limit": 3}]], {}, "none", None, ["request_limit"]),
    ("hours left", [[{**BOILER, "hour_limit": 5.5}]], {}, "full", 0, []),
    ("no hours left", [[{**BOILER, "hour_limit": 5}]], {}, "none", None, ["hour_limit"]),
    ("no amount left", [[{**BOILER, "amount_limit": 700}]], {}, "none", None, ["amount_limit"]),
    ("a cent left", [[{**BOILER, "amount_limit": 700.01}]], {}, "full", 0, []),
    ("points enough", [[{**CUSTOMER, "points_per_request": 10}, CARD[1]]], {}, "full", 0, []),
    (
        "a point too few",
        [[{**CUSTOMER, "points_per_request": 11}, CARD[1]]],
        {},
        "none",
        None,
        ["points"],
    ),
    ("no points at all", [[CUSTOMER, POINTS]], {}, "none", None, ["points"]),
    ("an overdraft", [[CUSTOMER, {**POINTS, "allow_overdraft": True}]], {}, "full", 0, []),
    # The customer
    ("a blocked customer", [[BOILER]], {"blocked": True}, "none", None, ["blocked_customer"]),
    (
        "who is covered all the same",
        [[BOILER]],
        {"blocked": True, "covers_blocked": True},
        "full",
        0,
        [],
    ),
    # How much
    ("half of all", [[{**BOILER, **HALF}]], {}, "partial", 0, []),
    ("all but travel", [[{**BOILER, "travel_rate": 0}]], {}, "partial", 0, []),
    ("nothing of all", [[{**BOILER, **ZERO}]], {}, "none", 0, []),
    # The choice: kind
    (
        "warranty, then maintenance",
        [[BOILER], [BOILER, WARRANTY]],
        {},
        "full",
        1,
        ["less_favourable"],
    ),
    (
        "a partial warranty, then all",
        [[BOILER], [{**BOILER, **HALF}, WARRANTY]],
        {},
        "partial",
        1,
        ["less_favourable"],
    ),
    ("maintenance, then points", [CARD, [BOILER]], {}, "full", 1, ["less_favourable"]),
    ("warranty, then points", [CARD, [BOILER, WARRANTY]], {}, "full", 1, ["less_favourable"]),
    (
        "what covers, then nothing at all",
        [[{**BOILER, **ZERO}, WARRANTY], [BOILER]],
        {},
        "full",
        1,
        ["less_favourable"],
    ),
    (
        "points preferred to half",
        [[{**BOILER, **HALF}], CARD],
        {"prefers_points": True},
        "full",
        1,
        ["less_favourable"],
    ),
    (
        "half, where points are not",
        [[{**BOILER, **HALF}], CARD],
        {},
        "partial",
        0,
        ["less_favourable"],
    ),
    (
        "all, though points are",
        [[BOILER], CARD],
        {"prefers_points": True},
        "full",
        0,
        ["less_favourable"],
    ),
    # The choice: rates, scope, priority, end, id
    ("the higher rates", [[{**BOILER, **HALF}], [BOILER]], {}, "full", 1, ["less_favourable"]),
    ("rates before scope", [[{**BOILER, **HALF}], [CUSTOMER]], {}, "full", 1, ["less_favourable"]),
    (
        "machine, then system",
        [[{"equipment_id": "system"}], [BOILER]],
        {},
        "full",
        1,
        ["less_favourable"],
    ),
    (
        "system, then product",
        [[{"scope": "product", "product_id": "product"}], [{"equipment_id": "system"}]],
        {},
        "full",
        1,
        ["less_favourable"],
    ),
    (
        "product, then category",
        [
            [{"scope": "category", "product_category_id": "boilers"}],
            [{"scope": "product", "product_id": "product"}],
        ],
        {},
        "full",
        1,
        ["less_favourable"],
    ),
    (
        "category, then the one above",
        [
            [{"scope": "category", "product_category_id": "heating"}],
            [{"scope": "category", "product_category_id": "boilers"}],
        ],
        {},
        "full",
        1,
        ["less_favourable"],
    ),
    (
        "category, then customer",
        [[CUSTOMER], [{"scope": "category", "product_category_id": "heating"}]],
        {},
        "full",
        1,
        ["less_favourable"],
    ),
    (
        "scope before priority",
        [[CUSTOMER, {"priority": 9}], [BOILER]],
        {},
        "full",
        1,
        ["less_favourable"],
    ),
    (
        "the higher priority",
        [[BOILER], [BOILER, {"priority": 1}]],
        {},
        "full",
        1,
        ["less_favourable"],
    ),
    (
        "priority before end",
        [[BOILER, {"date_end": "2026-06-30"}], [BOILER, {"priority": 1}]],
        {},
        "full",
        1,
        ["less_favourable"],
    ),
    (
        "the earlier end",
        [[BOILER], [BOILER, {"date_end": "2026-06-30"}]],
        {},
        "full",
        1,
        ["less_favourable"],
    ),
    (
        "an end, then none",
        [[BOILER, {"date_end": False}], [BOILER]],
        {},
        "full",
        1,
        ["less_favourable"],
    ),
    ("the older of equals", [[BOILER], [BOILER]], {}, "full", 0, ["less_favourable"]),
    (
        "the one that is left",
        [
            [BOILER, {"date_end": "2026-06-14"}],
            [{**BOILER, "request_limit": 3}],
            [{**BOILER, **HALF}],
        ],
        {},
        "partial",
        2,
        ["expired", "request_limit"],
    ),
]


@tagged("post_install", "-at_install")
class TestCoverTable(ServiceContractCommon):
    """The rules of the engine, each alone, and the tie-breakers in pairs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.system = cls._create_equipment(serial_number="S-1")
        cls.machine.parent_id = cls.system
        other_product = cls._create_product("Pump", is_equipment=True)
        cls.names = {
            "boiler": cls.machine,
            "system": cls.system,
            "other": cls._create_equipment(serial_number="B-2", product_id=other_product.id),
            "product": cls.machine_product,
            "nozzle": cls.nozzle,
            "burner": cls.burner,
            "boilers": cls.boilers,
            "heating": cls.heating,
            "wear": cls.wear_parts,
            "hotel": cls.customer,
            "site": cls.site,
            "clinic": cls.other_customer,
            "hydraulics": cls.hydraulics,
            "pumps": cls.pumps,
            "electricity": cls.electricity,
        }
        cls.names = {name: record.id for name, record in cls.names.items()}
        # the system is of the same product: what names it would be named by the boiler's lines
        cls.system.product_id = other_product

    def _resolve(self, values):
        """Values with the ids of what they name."""

        def find(value):
            if isinstance(value, list):
                return [find(item) for item in value]
            return self.names.get(value, value) if isinstance(value, str) else value

        return {
            key: find(value) if key.endswith(("_id", "_ids")) else value
            for key, value in values.items()
        }

    def _make(self, *parts):
        lines = [part for part in parts if "scope" in part or "equipment_id" in part]
        values = {key: value for part in parts if part not in lines for key, value in part.items()}
        suspended, terminated = values.pop("suspend", False), values.pop("terminate", False)
        contract = self._create_contract(
            *(self._resolve(line) for line in lines), **self._resolve(values)
        )
        if suspended:
            contract.action_suspend(reason="unpaid", date=suspended)
        if terminated:
            contract.action_terminate(reason="sold", date=terminated)
        return contract

    def _ask(
        self, day="2026-06-15", blocked=False, covers_blocked=False, prefers_points=False, **item
    ):
        self.customer.service_blocked = blocked
        self.env.company.service_cover_blocked_customer = covers_blocked
        self.agency.prefer_points_on_partial = prefers_points
        return self._cover(day, **self._resolve(item))

    def test_the_table(self):
        self.assertGreaterEqual(len(CASES), 60)
        used = {"requests": 3, "hours": 5.0, "amount": 700.0}
        engine = self.env.registry["service.contract"]
        for what, contracts, asked, status, winner, codes in CASES:
            with (
                self.subTest(what),
                patch.object(
                    engine, "_coverage_usage", lambda _self, ids, period: dict.fromkeys(ids, used)
                ),
            ):
                savepoint = self.env.cr.savepoint(flush=False)
                made = [self._make(*parts) for parts in contracts]
                answer = self._ask(**asked)
                chosen = made[winner].id if winner is not None else False
                self.assertEqual((answer["status"], answer["contract_id"]), (status, chosen))
                self.assertEqual(sorted(part["code"] for part in answer["rejected"]), codes)
                savepoint.rollback()
                savepoint.close()
                self.env.invalidate_all(flush=False)
