from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import html2plaintext

from .common import ServiceRequestCommon


@tagged("post_install", "-at_install")
class TestRelated(ServiceRequestCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.no_heat, cls.leak = cls.env["service.fault.code"].create(
            [{"name": "No heat", "code": "S1"}, {"name": "Leak", "code": "S2"}]
        )
        cls.machine = cls._create_equipment(serial_number="R-1")

    # ------------------------------------------------------------ words, tags, codes
    def test_long_description_wants_a_summary(self):
        for length, summary, expected in (
            (235, False, False),
            (236, False, True),
            (236, "x", False),
        ):
            request = self._request(description="a" * length, summary=summary)
            self.assertEqual(request.is_summary_wanted, expected, length)

    def test_exclusive_axis_takes_one_tag(self):
        channel, mood = self.env["service.tag.axis"].create(
            [
                {
                    "name": name,
                    "exclusive": exclusive,
                    "tag_ids": [Command.create({"name": tag}) for tag in ("a", "b")],
                }
                for name, exclusive in (("Channel", True), ("Mood", False))
            ]
        )
        request = self._request(tag_ids=[Command.set((channel.tag_ids[0] | mood.tag_ids).ids)])
        with self.assertRefused(ValidationError, "Channel"):
            request.tag_ids |= channel.tag_ids[1]

    def test_code_of_another_kind_is_refused(self):
        with self.assertRefused(ValidationError, "S1 No heat.*is no Cause"):
            self._request(cause_id=self.no_heat.id)

    # ------------------------------------------------------------ repeat failure
    def _close(self, moment, symptom=None, machine=None):
        with freeze_time(moment):
            request = self._request(
                machine or self.machine, symptom_id=(symptom or self.no_heat).id
            )
            request.action_close()
        return request

    def test_repeat_failures_by_cases(self):
        """Closed on 2 March at noon; the recall period is 30 days."""
        first = self._close("2026-03-02 12:00:00")
        other = self._create_equipment(serial_number="R-2")
        for moment, machine, symptom, expected in (
            ("2026-03-10 12:00:00", self.machine, self.no_heat, True),
            ("2026-04-01 12:00:00", self.machine, self.no_heat, True),
            ("2026-04-01 12:00:01", self.machine, self.no_heat, False),
            ("2026-03-02 11:00:00", self.machine, self.no_heat, False),
            ("2026-03-10 12:00:00", self.machine, self.leak, False),
            ("2026-03-10 12:00:00", other, self.no_heat, False),
            ("2026-03-10 12:00:00", self.machine, self.leak.browse(), False),
        ):
            with freeze_time(moment):
                request = self._request(machine, symptom_id=symptom.id)
            self.assertEqual(request.first_request_id == first, expected, (moment, symptom.name))
            request.action_cancel()

    def test_repeat_failure_of_a_machine_that_only_the_header_names(self):
        first = self._close(fields.Datetime.now() - timedelta(days=2))
        request = self._request(equipment_id=self.machine.id, symptom_id=self.no_heat.id)
        self.assertEqual(request.first_request_id, first)

    def test_open_request_is_not_repeated(self):
        self._request(self.machine, symptom_id=self.no_heat.id)
        request = self._request(self.machine, symptom_id=self.no_heat.id)
        self.assertFalse(request.first_request_id)

    def test_third_failure_names_the_first_one(self):
        first = self._close("2026-03-02 12:00:00")
        second = self._close("2026-03-20 12:00:00")
        self.assertEqual(second.first_request_id, first)
        third = self._close("2026-04-10 12:00:00")
        self.assertEqual(third.first_request_id, first)
        first.invalidate_recordset()
        self.assertEqual(first.repeat_request_ids, second | third)

    def test_repeat_failure_is_shown_before_saving(self):
        first = self._close(fields.Datetime.now() - timedelta(days=2))
        form = Form(self.env["service.request"].with_user(self.call_taker))
        form.equipment_id = self.machine
        self.assertFalse(form.first_request_id)
        form.symptom_id = self.no_heat
        self.assertEqual(form.first_request_id, first)

    def test_rework_is_covered_by_us_and_refused_rework_is_another_problem(self):
        self._close("2026-03-02 12:00:00")
        with freeze_time("2026-03-10 12:00:00"):
            rework, other = (
                self._request(self.machine, symptom_id=self.no_heat.id) for _number in range(2)
            )
        self.env.invalidate_all()
        rework.action_confirm_rework()
        self.assertRecordValues(rework, [{"is_rework": True, "coverage": "goodwill"}])
        self.assertIs(rework.action_reset_coverage(), True)
        rework.is_rework = True
        self.assertEqual(rework.coverage, "goodwill", "whoever says so by another way")
        rework.action_refuse_rework()
        self.assertRecordValues(
            rework, [{"is_rework": False, "first_request_id": False, "coverage_mode": "auto"}]
        )
        other.coverage_manual = "goodwill"
        other.action_refuse_rework()
        self.assertEqual(other.coverage, "goodwill", "given before anybody spoke of rework")
        self.assertRecordValues(other, [{"is_rework": False, "first_request_id": False}])

    # ------------------------------------------------------------ duplicates
    def test_open_requests_of_the_machine_are_shown_while_typing(self):
        open_one, closed = self._request(self.machine), self._request(self.machine)
        self._request(self._create_equipment(serial_number="R-9"))
        closed.action_close()
        form = Form(self.env["service.request"].with_user(self.call_taker))
        form.equipment_id = self.machine
        self.assertEqual(form.duplicate_request_ids[:], open_one)

    def test_open_requests_of_the_customer_with_the_same_words_are_shown(self):
        same = self._request(title="Boiler makes noise")
        self._request(title="Invoice is wrong")
        self._request(title="Boiler", partner_id=self.other_customer.id)
        form = Form(self.env["service.request"].with_user(self.call_taker))
        form.partner_id = self.customer
        form.title = "noise of the boiler"
        self.assertEqual(form.duplicate_request_ids[:], same)

    # ------------------------------------------------------------ merge
    def _merge(self, requests, survivor=None):
        wizard = (
            self.env["service.request.merge"]
            .with_user(self.call_taker)
            .create({"request_ids": [Command.set(requests.ids)]})
        )
        if survivor:
            wizard.survivor_id = survivor
        wizard.action_merge()
        return wizard.survivor_id

    def test_merging_moves_everything_to_the_survivor_and_leaves_a_trace(self):
        kept, doubled = self._request(self.machine), self._request(self.machine)
        other = self._create_equipment(serial_number="R-3")
        doubled.equipment_line_ids = [Command.create({"equipment_id": other.id})]
        part = self._consume(
            doubled, self.burner, equipment_line_id=doubled.equipment_line_ids[0].id
        )
        doubled.description = "<p>The landlord calls too</p>"
        doubled.message_post(body="Called again")
        self.env["ir.attachment"].create(
            {"name": "photo", "res_model": "service.request", "res_id": doubled.id, "raw": b"1"}
        )
        doubled.activity_schedule("mail.mail_activity_data_call")
        self.env.invalidate_all()
        self.assertEqual(self._merge(kept | doubled), kept)
        self.assertEqual(kept.equipment_line_ids.equipment_id, self.machine | other)
        self.assertEqual(kept.equipment_id, self.machine)
        self.assertRecordValues(
            part, [{"request_id": kept.id, "equipment_line_id": kept.equipment_line_ids[0].id}]
        )
        bodies = "".join(kept.message_ids.mapped("body"))
        self.assertIn("Called again", bodies)
        self.assertIn(f"Merged with: {doubled.name}", bodies)
        self.assertIn("The landlord calls too", bodies)
        self.assertEqual(kept.amount_part, 120)
        self.assertEqual(len(kept.activity_ids), 1)
        self.assertEqual(
            self.env["ir.attachment"].search_count(
                [("res_model", "=", "service.request"), ("res_id", "=", kept.id)]
            ),
            1,
        )
        self.assertRecordValues(doubled, [{"state": "cancelled", "merged_into_id": kept.id}])
        self.assertIn(f"Merged into {kept.name}", "".join(doubled.message_ids.mapped("body")))

    def test_points_reserved_twice_for_a_machine_are_reserved_once_after_merging(self):
        contract = self._create_contract(
            {"scope": "customer", "points_per_request": 5},
            kind="points",
            date_start="2020-01-01",
            date_end="2040-12-31",
            points_initial=40,
        )
        kept = self._request(coverage_manual="direct")
        doubled, tripled = self._request(self.machine), self._request(self.machine)
        self.assertEqual(contract.points_balance, 30)
        self._merge(kept | doubled)
        kept.coverage_manual = False
        self.assertEqual((kept.uses_points, contract.points_balance), (True, 30))
        self._merge(kept | tripled)
        self.assertEqual((len(kept.equipment_line_ids), contract.points_balance), (1, 35))
        kept.action_cancel()
        self.assertEqual(contract.points_balance, 40)

    def test_requests_of_different_customers_or_closed_ones_are_not_merged(self):
        mine, foreign = self._request(), self._request(partner_id=self.other_customer.id)
        with self.assertRefused(UserError, "different customers"):
            self._merge(mine | foreign)
        company = self.env["res.company"].create({"name": "Other Company"})
        abroad = (
            self.env["service.request"]
            .with_company(company)
            .create({"partner_id": self.customer.id, "title": "Cold", "company_id": company.id})
        )
        with self.assertRefused(UserError, "different companies.*Other Company"):
            (mine.sudo() | abroad)._merge_into(mine.sudo())
        closed = self._request()
        closed.action_close()
        with self.assertRefused(UserError, closed.name):
            self._merge(mine | closed)
        with self.assertRefused(UserError, "at least two"):
            self._merge(mine)

    # ------------------------------------------------------------ split and link
    def test_splitting_moves_machines_with_their_consumptions(self):
        other = self._create_equipment(serial_number="R-4")
        request = self._request(self.machine | other)
        stays, moves = request.equipment_line_ids
        part = self._consume(request, self.burner, equipment_line_id=moves.id)
        labor = self._consume(request, self.labor, equipment_line_id=stays.id)
        self.env.invalidate_all()
        wizard = (
            self.env["service.request.split"]
            .with_user(self.call_taker)
            .create(
                {
                    "request_id": request.id,
                    "title": "The other boiler",
                    "equipment_line_ids": [Command.set(moves.ids)],
                }
            )
        )
        new = self.env["service.request"].browse(wizard.action_split()["res_id"])
        self.assertIn(
            f"A part of it became {new.name}", html2plaintext(request.message_ids[0].body)
        )
        self.assertRecordValues(
            new,
            [
                {
                    "title": "The other boiler",
                    "partner_id": self.customer.id,
                    "equipment_id": other.id,
                    "consumption_ids": part.ids,
                    "amount_part": 120,
                    "related_request_ids": request.ids,
                }
            ],
        )
        self.assertRecordValues(
            request,
            [{"equipment_id": self.machine.id, "consumption_ids": labor.ids, "amount_part": 0}],
        )

    def test_my_clock_stays_when_a_request_is_split(self):
        self.call_taker.service_auto_time_log = True
        request = self._request(self.machine)
        new = request._split(
            "The rest", request.equipment_line_ids.browse(), request.consumption_ids
        )
        self.assertEqual((request.is_my_clock, new.is_my_clock), (True, False))

    def test_a_copy_is_covered_anew(self):
        self.env.company.service_default_coverage = "full"
        request = self._request(competence_id=False)
        self.assertEqual(request.coverage, "full")
        part = self._consume(request, self.burner)
        self.env.invalidate_all()
        new = request.with_user(self.call_taker)._split(
            "The rest", request.equipment_line_ids, part
        )
        self.assertEqual((new.coverage, new.coverage_mode, part.request_id), ("full", "auto", new))
        request.coverage = "goodwill"
        self.assertRecordValues(
            request.copy(),
            [{"coverage": "full", "coverage_mode": "auto", "coverage_manual": False}],
        )

    def test_link_is_seen_and_cut_from_both_sides(self):
        one, two, three = (self._request() for _number in range(3))
        one.related_request_ids = two | three
        self.assertEqual(two.related_request_ids, one)
        found = self.env["service.request"].search([("related_request_ids", "in", one.ids)])
        self.assertEqual(found, two | three)
        two.related_request_ids = False
        self.assertEqual(one.related_request_ids, three)
