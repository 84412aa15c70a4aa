import uuid
from datetime import datetime

from odoo.tests import BaseCase

from ..models.payload import Malformed, check_payload, digest, get_moment, is_storable, is_uuid

SCHEMA = {
    "intervention": uuid.UUID,
    "quantity": float,
    "product": int,
    "at": datetime,
    "note?": str,
}
GOOD = {
    "intervention": "7d1f1c52-0a5c-4c43-8b2d-8f7f6f2c6a11",
    "quantity": 1.5,
    "product": 3,
    "at": "2026-03-01T08:00:00.000Z",
}


class TestPayload(BaseCase):
    def test_what_fits_the_schema_is_taken(self):
        for payload in (GOOD, {**GOOD, "note": "x"}, {**GOOD, "note": None, "quantity": 2}):
            check_payload(payload, SCHEMA)

    def test_what_does_not_fit_is_named(self):
        for key, value in (
            ("intervention", "7"),
            ("intervention", None),
            ("quantity", "1"),
            ("quantity", True),
            ("quantity", float("nan")),
            ("quantity", float("inf")),
            ("quantity", 1e13),
            ("product", 0),
            ("product", 2**31),
            ("product", True),
            ("product", [3]),
            ("at", "yesterday"),
            ("at", 5),
            ("at", "0001-01-01T00:00:00"),
            ("note", 5),
            ("note", "a\x00b"),
            ("more", 1),
        ):
            with self.subTest(key=key, value=value), self.assertRaises(Malformed) as caught:
                check_payload({**GOOD, key: value}, SCHEMA)
            self.assertEqual(str(caught.exception), key)

    def test_a_payload_is_an_object(self):
        for payload in (None, [], "x", 5):
            with self.assertRaises(Malformed):
                check_payload(payload, {})

    def test_moments_are_utc_and_never_in_the_future(self):
        now = datetime(2026, 3, 1, 12)
        for text, moment in (
            ("2026-03-01T08:00:00Z", datetime(2026, 3, 1, 8)),
            ("2026-03-01T10:00:00+02:00", datetime(2026, 3, 1, 8)),
            ("2026-03-01T08:00:00.999", datetime(2026, 3, 1, 8)),
            ("2026-03-01T18:00:00Z", now),
            ("nonsense", now),
        ):
            self.assertEqual(get_moment(text, now), moment, text)

    def test_uuids_are_written_in_one_way(self):
        self.assertTrue(is_uuid(GOOD["intervention"]))
        for other in (GOOD["intervention"].upper(), "{" + GOOD["intervention"] + "}", "", 5, None):
            self.assertFalse(is_uuid(other), other)

    def test_the_order_of_keys_does_not_matter(self):
        self.assertEqual(digest({"a": 1, "b": 2}), digest({"b": 2, "a": 1}))
        self.assertNotEqual(digest({"a": 1}), digest({"a": 2}))

    def test_what_the_database_can_hold(self):
        self.assertTrue(is_storable({"note": r"é « 中 » \u0000 \\"}))
        for content in ("a\x00b", "\ud800", float("nan"), float("inf")):
            self.assertFalse(is_storable({"note": [content]}), repr(content))
