from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import GROUP, ServiceRequestCommon

START, SECONDS, LATER = "2026-03-02 08:00:00", "2026-03-02 08:00:59", "2026-03-02 09:30:00"


@tagged("post_install", "-at_install")
class TestTimeLog(ServiceRequestCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._create_user("manager", GROUP + "manager")
        cls.machine = cls._create_equipment(serial_number="OLD-1")
        cls.rules = cls.env["service.time.product"]
        cls.rules.search([]).unlink()
        cls.rules.create({"product_id": cls.labor.id})

    def setUp(self):
        super().setUp()
        self.request = self._request(self.machine)

    def test_stopped_clock_makes_one_done_labour_consumption(self):
        with freeze_time(START):
            self.request.action_start_time_log()
        self.assertTrue(self.request.is_timing)
        self.assertFalse(self.request.consumption_ids)
        with freeze_time(LATER):
            self.request.action_stop_time_log()
        self.assertFalse(self.request.is_timing)
        self.assertEqual(self.request.time_total, 1.5)
        self.assertRecordValues(
            self.request.consumption_ids,
            [
                {
                    "kind": "labor",
                    "product_id": self.labor.id,
                    "quantity": 1.5,
                    "state": "done",
                    "user_id": self.call_taker.id,
                    "equipment_line_id": self.request.equipment_line_ids.id,
                    "time_log_id": self.request.time_log_ids.id,
                    "amount_consumed": 90,
                }
            ],
        )

    def test_under_a_minute_nothing_is_kept(self):
        with freeze_time(START):
            self.request.action_start_time_log()
        with freeze_time(SECONDS):
            self.request.action_stop_time_log()
        self.assertFalse(self.request.time_log_ids)
        self.assertFalse(self.request.consumption_ids)
        with self.assertRefused(ValidationError, "less than a minute"):
            self.env["service.time.log"].create(
                {"request_id": self.request.id, "start": START, "stop": SECONDS}
            )

    def test_one_clock_runs_for_a_person(self):
        other = self._request()
        with freeze_time(START):
            self.request.action_start_time_log()
            other.with_user(self.dispatcher).action_start_time_log()
        with freeze_time(LATER):
            other.action_start_time_log()
        self.assertFalse(self.request.is_timing, "starting elsewhere stopped it")
        self.assertEqual(self.request.time_total, 1.5)
        self.assertEqual(len(other.time_log_ids), 2, "somebody else's runs on")
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.env["service.time.log"].with_user(self.call_taker).create(
                {"request_id": self.request.id}
            )

    def test_closing_and_cancelling_stop_all_clocks(self):
        for end in ("action_close", "action_cancel"):
            request = self._request()
            with freeze_time(START):
                request.with_user(self.technician_user).action_start_time_log()
            with freeze_time(LATER):
                getattr(request, end)()
            self.assertEqual(request.time_total, 1.5, end)
            self.assertRecordValues(
                request.consumption_ids, [{"user_id": self.technician_user.id, "state": "done"}]
            )

    def test_clock_starts_by_itself_when_the_user_wants(self):
        self.assertFalse(self._request().is_timing)
        self.call_taker.service_auto_time_log = True
        first = self._request()
        self.assertTrue(first.is_timing)
        second = self._request()
        self.assertTrue(second.is_timing)
        self.assertFalse(first.is_timing, "the next request stops it")

    def test_time_by_machine(self):
        other = self._create_equipment(serial_number="OLD-2")
        self.request.equipment_line_ids = [Command.create({"equipment_id": other.id})]
        line = self.request.equipment_line_ids[1]
        with freeze_time(START):
            self.request.action_start_time_log(line.id)
        with freeze_time(LATER):
            self.request.action_stop_time_log()
        self.assertEqual(self.request.consumption_ids.equipment_line_id, line)
        foreign = self._request(self.machine).equipment_line_ids
        with self.assertRefused(ValidationError, "is not on the request"):
            self.request.action_start_time_log(foreign.id)

    def test_first_work_of_the_assignee_answers_the_customer(self):
        self.assertEqual(self.request.user_id, self.technician_user)
        for user, expected in ((self.call_taker, False), (self.technician_user, START)):
            request = self.request.with_user(user)
            with freeze_time(START):
                request.action_start_time_log()
            with freeze_time(LATER):
                request.action_stop_time_log()
            answered = self.request.first_response_date
            self.assertEqual(answered and str(answered), expected)

    def test_clock_of_a_machine_starts_from_its_line(self):
        line = self.request.equipment_line_ids
        line.action_start_time_log()
        self.assertEqual(self.request.time_log_ids.equipment_line_id, line)

    def test_splitting_moves_the_time_of_the_machines_that_move(self):
        other = self._create_equipment(serial_number="OLD-2")
        self.request.equipment_line_ids = [Command.create({"equipment_id": other.id})]
        first, second = self.request.equipment_line_ids
        logs = self.env["service.time.log"].create(
            [
                {
                    "request_id": self.request.id,
                    "equipment_line_id": line,
                    "start": START,
                    "stop": LATER,
                }
                for line in (False, second.id)
            ]
        )
        new = self.request._split("The other one", second, self.env["service.consumption"])
        self.assertEqual((self.request.time_log_ids, new.time_log_ids), (logs[0], logs[1]))
        self.assertEqual((self.request.time_total, new.time_total), (1.5, 1.5))
        self.assertEqual(logs[1].consumption_ids.request_id, new)
        self.assertEqual(logs[0].consumption_ids.equipment_line_id, first)

    def test_time_entered_by_hand_and_corrected(self):
        log = (
            self.env["service.time.log"]
            .with_user(self.call_taker)
            .create({"request_id": self.request.id, "start": START, "duration": 2})
        )
        self.assertEqual(str(log.stop), "2026-03-02 10:00:00")
        self.assertEqual(self.request.consumption_ids.quantity, 2)
        log.stop = LATER
        self.assertEqual(self.request.consumption_ids.quantity, 1.5)
        log.unlink()
        self.assertRecordValues(
            self.request.consumption_ids, [{"state": "cancelled", "time_log_id": False}]
        )

    def test_most_specific_rule_gives_the_labour(self):
        heating = self._create_service("Heating", "uom.product_uom_hour", 80.0)
        burners = self._create_service("Burners", "uom.product_uom_hour", 90.0)
        annecy = self._create_service("Annecy", "uom.product_uom_hour", 70.0)
        child = self.env["service.competence"].create(
            {"name": "Burners", "code": "BURN", "parent_id": self.competence.id}
        )
        for product, values in (
            (heating, {"competence_id": self.competence.id}),
            (burners, {"competence_id": child.id}),
            (annecy, {"competence_id": self.competence.id, "agency_id": self.agency.id}),
        ):
            self.rules.create({"product_id": product.id, **values})
        lyon = self.env["service.agency"].create({"name": "Lyon", "code": "LYO"})
        for competence, agency, expected in (
            (False, lyon, self.labor),
            (self.competence, lyon, heating),
            (child, lyon, burners),
            (self.competence, self.agency, annecy),
            (child, self.agency, annecy),
        ):
            request = self._request(competence_id=competence and competence.id, agency_id=agency.id)
            self.assertEqual(self.rules._get_products(request)[request], expected)

    def test_time_without_a_rule_is_still_time(self):
        self.rules.search([]).unlink()
        self.env["service.time.log"].create(
            {"request_id": self.request.id, "start": START, "stop": LATER}
        )
        self.assertEqual(self.request.time_total, 1.5)
        self.assertFalse(self.request.consumption_ids)

    def test_only_managers_stop_somebody_else_s_clock(self):
        self.request.action_start_time_log()
        log = self.request.time_log_ids
        with self.assertRefused(UserError, "only they or a manager"):
            log.with_user(self.dispatcher).action_stop()
        log.with_user(self.manager).action_stop()
        self.assertFalse(self.request.is_timing)

    def test_own_clock_is_stopped_wherever_its_request_went(self):
        """To a colleague, to another agency, to a company that is not looked at just now."""
        lyon = self.env["service.agency"].create({"name": "Lyon", "code": "LYO"})
        self.agency.user_ids = self.technician_user
        company = self.env["res.company"].create({"name": "Other Company"})
        self.technician_user.company_ids |= company
        logs = self.env["service.time.log"].with_user(self.technician_user)

        def stop_in_bar(request):
            logs.browse(logs.get_running()["id"]).action_stop()

        def start_another(request):
            self._request().with_user(self.technician_user).action_start_time_log()

        def stop_abroad(request):
            abroad = logs.with_context(allowed_company_ids=company.ids)
            abroad.browse(abroad.get_running()["id"]).action_stop()

        for stop in (stop_in_bar, start_another, stop_abroad):
            request = self._request()
            with freeze_time(START):
                request.with_user(self.technician_user).action_start_time_log()
            request.sudo().write({"user_id": self.dispatcher.id, "agency_id": lyon.id})
            self.env.invalidate_all()
            with freeze_time(LATER):
                stop(request)
            self.assertRecordValues(
                request.consumption_ids,
                [{"quantity": 1.5, "user_id": self.technician_user.id, "state": "done"}],
            )

    def test_nobody_spends_time_on_requests_that_they_do_not_see(self):
        foreign = self._request()
        foreign.action_assign_to(self.dispatcher.id)
        self.env.invalidate_all()
        logs = self.env["service.time.log"].with_user(self.technician_user)
        with self.assertRefused(AccessError, "."):
            logs.create({"request_id": foreign.id})
        own = logs.create({"request_id": self.request.id})
        with self.assertRefused(AccessError, "."):
            own.request_id = foreign

    def test_technician_sees_own_time(self):
        self.request.action_start_time_log()
        mine = self.request.with_user(self.technician_user)
        self.env.invalidate_all()
        self.assertTrue(mine.is_timing)
        self.assertFalse(mine.is_my_clock)
        self.assertFalse(mine.time_log_ids)
        mine.action_start_time_log()
        self.assertEqual(mine.time_log_ids.user_id, self.technician_user)
        with self.assertRaises(AccessError):
            self.request.time_log_ids.with_user(self.technician_user).read(["start"])

    def test_bar_on_top_asks_for_the_running_clock(self):
        logs = self.env["service.time.log"].with_user(self.call_taker)
        self.assertFalse(logs.get_running())
        with freeze_time(START):
            self.request.action_start_time_log()
        running = logs.get_running()
        self.assertEqual((running["request_id"], running["start"]), (self.request.id, START))
        self.assertEqual(
            self.env["service.request"].search([("is_timing", "=", True)]), self.request
        )
        self.assertNotIn(
            self.request, self.env["service.request"].search([("is_timing", "=", False)])
        )

    def test_clock_opens_what_the_user_prefers(self):
        self.assertIs(self.request.action_start_time_log(), True)
        self.call_taker.service_clock_opens = "equipment"
        action = self.request.action_start_time_log()
        self.assertEqual(
            (action["res_model"], action["res_id"]), (self.machine._name, self.machine.id)
        )
        self.call_taker.service_clock_opens = "solutions"
        action = self.request.action_start_time_log()
        self.assertEqual(action["res_model"], "service.solution.search")
        self.assertEqual(action["context"]["default_request_id"], self.request.id)
        self.call_taker.write(
            {
                "service_clock_opens": "action",
                "service_clock_action_id": self.env.ref(
                    "service_request.service_consumption_action"
                ),
            }
        )
        action = self.request.action_start_time_log()
        self.assertEqual(action["res_model"], "service.consumption")
        self.assertEqual(action["context"]["active_id"], self.request.id)

    def test_usual_kind_is_the_user_s(self):
        self.call_taker.service_default_consumption_kind = "labor"
        line = self.env["service.consumption"].with_user(self.call_taker).new({})
        self.assertEqual(line.kind, "labor")
