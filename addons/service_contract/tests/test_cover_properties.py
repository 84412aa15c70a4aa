from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import TransactionCase, tagged

from ..models.coverage_rules import decide, index_lines

DAY = date(2026, 6, 15)
COMPANY, CUSTOMER = 1, 1
NUMBERS = (
    "request_limit",
    "hour_limit",
    "amount_limit",
    "meter_limit",
    "free_hours",
    "deductible",
    "points_per_request",
    "points_per_hour",
    "points_per_amount",
)
RATE = st.sampled_from([0, 50, 80, 100])
SUBJECT = {
    "partner_id": CUSTOMER,
    "customer": "Hotel",
    "company_id": COMPANY,
    "blocked": False,
    "covers_blocked": False,
    "block_reason": None,
    "over_credit": False,
    "site_id": 1,
    "product_id": 1,
    "lineage": [1, 2],
    "categories": [1, 2],
    "component_id": 1,
    "component_categories": [1],
    "competence_id": 1,
    "competences": {1, 2},
    "meters": {},
    "spent": {},
}


@st.composite
def promises(draw, kinds=("warranty", "maintenance", "points"), max_size=8):
    """Coverage lines of some contracts of one customer, as the database would give them."""
    contracts = draw(
        st.lists(
            st.fixed_dictionaries(
                {
                    "kind": st.sampled_from(kinds),
                    "state": st.sampled_from(["active", "active", "expired", "draft"]),
                    "priority": st.integers(0, 2),
                    "points_balance": st.sampled_from([0, 5, 100]),
                    "allow_overdraft": st.booleans(),
                    "termination_date": st.none()
                    | st.integers(-3, 3).map(lambda n: DAY + timedelta(n)),
                }
            ),
            min_size=1,
            max_size=4,
        )
    )
    lines = draw(
        st.lists(
            st.fixed_dictionaries(
                {
                    "contract": st.integers(0, len(contracts) - 1),
                    "scope": st.sampled_from(["equipment", "product", "category", "customer"]),
                    "target": st.integers(1, 3),
                    "is_exclusion": st.sampled_from([False, False, False, True]),
                    "start": st.integers(-400, 5),
                    "length": st.none() | st.integers(0, 800),
                    "site_id": st.sampled_from([None, None, 1, 2]),
                    "competence_ids": st.sampled_from([[], [], [1], [3]]),
                    "component_ids": st.sampled_from([[], [], [1], [2]]),
                    "parts_rate": RATE,
                    "labor_rate": RATE,
                    "travel_rate": RATE,
                    "request_limit": st.sampled_from([0, 0, 5]),
                    "used": st.sampled_from([{}, {"requests": 5}]),
                }
            ),
            max_size=max_size,
        )
    )
    return [_make_line(number, line, contracts) for number, line in enumerate(lines, 1)]


def _make_line(number, line, contracts):
    start = DAY + timedelta(line["start"])
    targets = dict.fromkeys(("equipment_id", "product_id", "product_category_id"))
    name = {
        "equipment": "equipment_id",
        "product": "product_id",
        "category": "product_category_id",
    }.get(line["scope"])
    if name:
        targets[name] = line["target"]
    return {
        **dict.fromkeys(NUMBERS, 0),
        **contracts[line["contract"]],
        **targets,
        **line,
        "id": number,
        "contract_id": line["contract"] + 1,
        "name": f"CT/{line['contract'] + 1}",
        "company_id": COMPANY,
        "party_ids": [CUSTOMER],
        "date_start": start,
        "date_end": line["length"] is not None and start + timedelta(line["length"]) or None,
        "component_category_id": None,
        "meter_type_id": None,
        "covered_by_id": None,
        "termination_reason": None,
        "suspensions": [],
    }


def answer(lines, prefers_points=False, **subject):
    return decide({**SUBJECT, "prefers_points": prefers_points, **subject}, index_lines(lines), DAY)


def cover(lines, **subject):
    """How much is covered, of 300."""
    return sum(answer(lines, **subject)["rates"].values())


@tagged("post_install", "-at_install")
class TestCoverProperties(TransactionCase):
    """What holds for all contracts, whatever they say."""

    @settings(max_examples=100, deadline=None)
    @given(lines=promises(), prefers=st.booleans(), data=st.data())
    def test_the_order_of_the_promises_does_not_matter(self, lines, prefers, data):
        shuffled = data.draw(st.permutations(lines))
        first, second = answer(lines, prefers), answer(shuffled, prefers)
        self.assertEqual(first["coverage_id"], second["coverage_id"])
        self.assertEqual(first["rates"], second["rates"])
        self.assertEqual(first["reason_code"], second["reason_code"])

    @settings(max_examples=100, deadline=None)
    @given(lines=promises(kinds=("maintenance",)), contract=st.integers(1, 4))
    def test_an_exclusion_never_adds_cover(self, lines, contract):
        # within one kind: a partial warranty that is excluded gives way to full maintenance
        if not lines:
            return
        exclusion = {
            **lines[0],
            "id": 1000,
            "contract_id": contract,
            "scope": "customer",
            "is_exclusion": True,
        }
        self.assertLessEqual(cover([*lines, exclusion]), cover(lines))

    @settings(max_examples=100, deadline=None)
    @given(lines=promises(kinds=("maintenance",)), longer=st.integers(0, 7))
    def test_a_longer_promise_never_takes_cover_away(self, lines, longer):
        # within one kind, as above
        for line in lines[longer : longer + 1]:
            if not line["is_exclusion"]:
                extended = [
                    {**other, "date_end": None} if other is line else other for other in lines
                ]
                self.assertGreaterEqual(cover(extended), cover(lines))

    @settings(max_examples=60, deadline=None)
    @given(lines=promises(), other=promises())
    def test_contracts_of_others_do_not_matter(self, lines, other):
        strangers = [
            {
                **line,
                "id": line["id"] + 100,
                "contract_id": line["contract_id"] + 100,
                "party_ids": [2],
            }
            for line in other
        ]
        self.assertEqual(answer(lines), answer(lines + strangers))

    @settings(max_examples=60, deadline=None)
    @given(lines=promises(), prefers=st.booleans())
    def test_each_promise_about_the_machine_is_accounted_for(self, lines, prefers):
        found = answer(lines, prefers)
        told = [part["coverage_id"] for part in found["rejected"]]
        self.assertEqual(len(told), len(set(told)))
        promised = {line["id"] for line in lines if not line["is_exclusion"]}
        self.assertLessEqual(set(told) | {found["coverage_id"]} - {False}, promised)
        self.assertNotIn(found["coverage_id"], told)

    @settings(max_examples=60, deadline=None)
    @given(lines=promises(), prefers=st.booleans())
    def test_the_status_says_what_the_rates_say(self, lines, prefers):
        found = answer(lines, prefers)
        rates = set(found["rates"].values())
        status = "full" if rates == {100} else "none" if rates == {0} else "partial"
        self.assertEqual(found["status"], status)

    @settings(max_examples=60, deadline=None)
    @given(lines=promises())
    def test_a_blocked_customer_is_not_covered(self, lines):
        self.assertEqual(cover(lines, blocked=True), 0)
