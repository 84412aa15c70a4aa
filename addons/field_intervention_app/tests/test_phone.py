import io
import json
from datetime import timedelta
from unittest.mock import patch

from PIL import Image

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..controllers.shell import FieldShell
from .phone_case import PhoneCase

LOG = "odoo.addons.field_intervention_app.models.service_field_command"


@tagged("post_install", "-at_install")
class TestPhone(PhoneCase):
    def _photo(self):
        path = self.phone.profile / "photo.jpg"
        Image.effect_noise((3000, 2000), 90).convert("RGB").save(path, "JPEG")
        return path

    def test_a_day_in_the_cellar(self):
        """Load online, lose the network, kill the browser, start from the icon, work, come back."""
        self.intervention.operation_ids.create(
            {"intervention_id": self.intervention.id, "name": "Seals", "is_mandatory": True}
        )
        self._start_signed_in()
        self._go_offline()
        with self._using_phone() as tab:
            self.phone.kill()
            tab = self.phone.start().tab
            tab.wait_for(".visit")
            for path in ("stock", "outbox", "account", f"job/{self.uuid}"):
                tab.open(f"/field/{path}")
                tab.wait_for("[data-ready]")
            tab.wait_for(".job")
            self.assertTrue(tab.run("document.fonts.load('16px FontAwesome').then(f => f.length)"))
            tab.click(".step-leave")
            tab.click(".step-arrive")
            tab.wait_for(".step-finish")
            tab.click(".operation .choice button")
            tab.click(".use-part")
            tab.click(f".choose[data-id='{self.burner.id}']")
            tab.fill("input[name=quantity]", "2")
            tab.click(".confirm")
            tab.wait("!!document.querySelector('.consumption .cover-free')")
            tab.fill("textarea[name=report]", "Burner replaced")
            tab.choose_file(".before input", self._photo())
            tab.wait("document.querySelector('.before .chip')?.innerText === '1'")
            tab.click(".sign")
            tab.fill("input[name=signed_by]", "Mme Lac")
            tab.drag(".pad")
            tab.click(".sheet .confirm")
            tab.wait("fieldApp.job.is_signed")
            waiting = tab.run("fieldApp.state.outbox.length")
            self.phone.kill()  # the battery is empty
            tab = self.phone.start(f"/field/job/{self.uuid}").tab
            tab.wait_for(".job")
            self.assertEqual(tab.run("fieldApp.state.outbox.length"), waiting)
            tab.click(".step-finish")
            self.assertFalse(tab.run("document.querySelectorAll('.missing').length"))
            tab.click(".finish-satisfied")
            tab.wait("fieldApp.state.screen === 'tour'")
        self.assertEqual(self.intervention.state, "planned", "the server knows nothing yet")
        self._go_online()
        with self._using_phone() as tab:
            tab.run("fieldApp.sync.run()")
            # the browser had no time to keep its cookie: the technician signs in again
            tab.wait("fieldApp.state.signedOut || fieldApp.state.outbox.length === 0")
            if tab.run("fieldApp.state.signedOut"):
                tab.sign_in("technician")
            tab.wait_sent()
            self.assertEqual(tab.run("fieldApp.attention.length"), 0)
        self.assertRecordValues(
            self.intervention, [{"state": "done", "signed_by": "Mme Lac", "satisfied": True}]
        )
        self.assertIn("Burner replaced", self.intervention.report)
        self.assertEqual(self._used(), 2)
        self.assertEqual(self._on_hand(self.burner, self.van), 3)
        self.assertEqual(self.request.state, "closed")
        [photo] = self.intervention.attachment_ids.filtered(lambda a: a.mimetype == "image/jpeg")
        self.assertEqual(max(Image.open(io.BytesIO(photo.raw)).size), 1600)
        self.assertEqual(photo.service_photo_kind, "before")

    def _make_a_full_job(self):
        """An intervention that has something in each of its sections."""
        machine = self.machine
        self.intervention.operation_ids.create(
            [
                {"intervention_id": self.intervention.id, "name": "Seals"},
                {"intervention_id": self.intervention.id, "name": "CO", "kind": "measure"},
            ]
        )
        self.env["service.meter"].create(
            {
                "equipment_id": machine.id,
                "type_id": self.env["service.meter.type"].search([], limit=1).id,
            }
        )
        self.env["ir.attachment"].create(
            {
                "name": "manual.txt",
                "raw": b"Turn it off and on again",
                "res_model": machine._name,
                "res_id": machine.id,
            }
        )
        self._use(self.intervention, self.burner, quantity=2)
        pump = self._create_product("Pump", is_storable=True, tracking="serial")
        lot = self.env["stock.lot"].create({"product_id": pump.id, "name": "P-77"})
        self.env["stock.quant"]._update_available_quantity(pump, self.van, 1, lot_id=lot)
        self.machine.installed_component_ids.serial_number = "OLD-0"
        case = self.env["stock.location"].create({"name": "Case", "location_id": self.van.id})
        self.env["stock.quant"]._update_available_quantity(self.burner, case, 2)
        self.env.company.service_track_position = True

    def test_every_screen_and_panel_after_the_kill_offline(self):
        """Load online, airplane mode, kill, start from the icon: everything opens, is large enough
        for a glove, and what is asked in there is a real record once the network is back."""
        self._make_a_full_job()
        self._start_signed_in()
        with self._using_phone() as tab:
            self._open_job(tab)
            tab.click(".s-documents button")
            tab.wait_for(".s-documents .chip.good")
        self._go_offline()
        self.network.asked.clear()
        with self._using_phone() as tab:
            self.phone.kill()
            tab = self.phone.start().tab
            tab.wait_for(".visit")
            self.assertFalse(tab.find_small(), "tour")
            self._scan(tab, ".scan")
            for screen in ("stock", "outbox", "account"):
                tab.click(f".tab-{screen}")
                tab.wait(f"fieldApp.state.screen === {screen!r}")
                self.assertFalse(tab.find_small(), screen)
            tab.click(".position input")
            tab.wait("fieldApp.state.me.position_allowed")
            self._count_offline(tab)
            self._break_a_screen(tab)
            tab.click(".tab-tour")
            self._open_job(tab)
            tab.run("document.querySelectorAll('details').forEach((part) => (part.open = true))")
            self.assertFalse(tab.find_small(), "intervention")
            tab.wait_for(".s-documents .chip.good")
            manual = "fetch(document.querySelector('.s-documents a').href).then((a) => a.text())"
            self.assertIn("off and on", tab.run(manual))
            for button in (".add-time", ".read-meter", ".sign", ".take-back", ".create", ".report"):
                tab.click(button)
                tab.wait_for(".sheet")
                self.assertFalse(tab.find_small(), button)
                self._close_sheet(tab)
            for button in (".ask-loan", ".ask-help"):
                tab.click(button)
                tab.fill("textarea[name=note]", f"Please {button}")
                self._close_sheet(tab, ".confirm")
            self._answer_planned_offline(tab)
            tab.click(".use-part")
            tab.fill(".sheet [type=search]", "p-77")
            tab.wait("document.querySelectorAll('.sheet .choose').length === 1")
            tab.click(".sheet .choose")
            tab.click(".numbers .button")
            tab.wait("document.querySelector('[name=number]').value === 'P-77'")
            self.assertFalse(tab.find_small(), "numbers")
            self._close_sheet(tab)
            tab.click(".use-part")
            tab.click(f".choose[data-id='{self.burner.id}']")
            tab.wait("document.querySelectorAll('[name=location] option').length === 2")
            self._close_sheet(tab)
            tab.click(".order-part")
            tab.click(f".choose[data-id='{self.burner.id}']")
            tab.wait_for("input[name=quantity]")
            self.assertFalse(tab.find_small(), "order")
            self._close_sheet(tab, ".confirm")
            self._exchange_offline(tab)
            tab.click(".step-start")
            tab.click(".step-finish")
            tab.wait_for(".finish-satisfied")
            self.assertFalse(tab.find_small(), "finish")
            tab.click(".finish-resume")
            tab.fill("textarea[name=reason]", "The gasket is missing")
            tab.click(".sheet .confirm")
            tab.wait("fieldApp.state.screen === 'tour' && fieldApp.state.outbox.length === 10")
            tab.click(".tab-outbox")
            tab.wait("document.querySelectorAll('.entry .what').length === 10")
            self.assertFalse(tab.find_small(), "outbox")
            self.assertIn("The gasket is missing", tab.run("document.body.innerText"))
        self.assertFalse(self._find_not_kept(), "asked from the network: missing in the precache")
        self._go_online()
        with self._using_phone() as tab:
            tab.run("fieldApp.sync.run()")
            tab.wait("fieldApp.state.signedOut || fieldApp.state.outbox.length === 0")
            if tab.run("fieldApp.state.signedOut"):
                tab.sign_in("technician")
            tab.wait_sent()
            rejected = tab.run("fieldApp.state.journal.filter((e) => e.verdict !== 'applied')")
            self.assertFalse(rejected)
        self.assertEqual(self.env["service.loan"].search([]).note, "Please .ask-loan")
        self.assertIn("Please .ask-help", self.intervention.activity_ids.note)
        ordered = self.request.consumption_ids.filtered("order_date")
        self.assertEqual(ordered.product_id, self.burner)
        self.assertEqual(self.intervention.state, "to_resume")
        self.assertIn("The gasket is missing", self.intervention.findings)
        old = self.machine.component_ids.filtered(lambda part: part.state == "removed")
        new = self.machine.installed_component_ids
        self.assertEqual([old.serial_number, new.serial_number], ["OLD-1", "NEW-1"])
        self.assertEqual(self._on_hand(self.burner, self.technician.defective_location_id), 1)
        self.assertTrue(self.technician.position_consent_date)
        counts = self.env["stock.quant"].search([("van_count_date", "!=", False)])
        self.assertEqual(counts.mapped("inventory_quantity"), [7])

    def test_a_clock_that_runs_elsewhere_is_told_and_paused_offline(self):
        second = self._plan(self.request, self.start + timedelta(hours=5))
        second_uuid = second.uuid
        self._start_signed_in()
        self._go_offline()
        with self._using_phone() as tab:
            self._open_job(tab)
            tab.click(".step-leave")
            tab.click(".step-arrive")
            tab.wait_for(".step-finish")
            tab.open(f"/field/job/{second_uuid}")
            tab.click(".step-start")
            tab.wait_for(".running")
            self.assertFalse(tab.find_small(), "another clock")
            self._close_sheet(tab)
            self.assertEqual(tab.run("fieldApp.job.state"), "planned", "nothing was started")
            tab.click(".step-start")
            self._close_sheet(tab, ".pause-others")
            tab.wait("fieldApp.job.state === 'on_site'")
            tab.click(".step-pause")
            tab.wait("fieldApp.job.is_paused")
        self._go_online()
        with self._using_phone() as tab:
            tab.run("fieldApp.sync.run()")
            tab.wait_sent()
        self.assertRecordValues(
            self.intervention | second,
            [{"state": "on_site", "is_paused": True}, {"state": "on_site", "is_paused": True}],
        )
        first_kinds = self.intervention.time_ids.mapped("kind")
        self.assertEqual(first_kinds, ["travel", "work", "pause"])

    def _scan(self, tab, button):
        """The camera opens, with what reads the codes, and closes again."""
        tab.click(button)
        tab.wait("document.querySelector('video')?.videoWidth > 0")
        tab.wait("!!window.ZXing || 'BarcodeDetector' in window")
        self.assertFalse(tab.find_small(), f"scanner of {button}")
        tab.run("document.querySelector('video').closest('.sheet').querySelector('.icon').click()")
        tab.wait("!document.querySelector('video')")

    def _exchange_offline(self, tab):
        tab.click(".s-machine .exchange")
        tab.click(f".choose[data-id='{self.burner_id}']")
        tab.wait_for("input[name=old_number]")
        self.assertFalse(tab.find_small(), "exchange")
        self._scan(tab, ".scan-number")
        tab.fill("input[name=number]", "NEW-1")
        tab.fill("input[name=old_number]", "OLD-1")
        tab.fill("select[name=back]", "yes")
        self._close_sheet(tab, ".confirm")
        tab.wait_for(".s-machine .chip.good")

    def _find_not_kept(self):
        """What the app asked from the network although the worker should keep it.

        The browser itself looks for a new worker, and for the page while it starts the worker.
        """
        own = ("/field/api/", "/field/service-worker.js")
        asked = set(self.network.asked) - {"/field/"}
        return [path for path in asked if not path.startswith(own)]

    def _answer_planned_offline(self, tab):
        """One of two planned is used, which is taken back: the plan is as it was."""
        lines = "[...document.querySelectorAll('.consumption')].length"
        tab.click(".consumption .use-planned")
        tab.wait("document.querySelector('[name=quantity]')?.value === '2'")
        tab.fill("input[name=quantity]", "1")
        self._close_sheet(tab, ".confirm")
        tab.wait(f"{lines} === 2")
        tab.click(".consumption .undo")
        tab.wait(f"{lines} === 1")
        tab.wait("fieldApp.job.consumptions[0].quantity === 2")

    def _break_a_screen(self, tab):
        """An error of one screen leaves the others, and says what to do."""
        tab.run("fieldApp.parts = null; fieldApp.render(true)")
        tab.wait_for(".failed .home")
        tab.click(".failed .home")
        tab.wait_for(".visit")
        tab.run("fieldApp.partsVersion = null; fieldApp.refresh()")

    def _count_offline(self, tab):
        tab.click(".tab-stock")
        tab.click(".count-van")
        tab.wait_for("input.count")
        self.assertFalse(tab.find_small(), "count")
        tab.click(".add-found")
        tab.wait_for(".sheet .choose")
        self._close_sheet(tab)
        tab.fill("input.count", "7")
        tab.click(".send-count")
        tab.wait_for(".counted")

    def _bad_network(self):
        """Use seven burners and take two photos while answers get lost, doubled and delayed."""
        self.network.delay = 0.05
        with self._using_phone() as tab:
            self.network.drop("api/push", 2)
            for quantity in (1, 2):
                self._record(
                    tab, "consume", product=self.burner.id, quantity=quantity, at=self._now()
                )
            tab.wait_sent()
            self.network.double("api/(push|blob)", 2)
            self._record(tab, "consume", product=self.burner.id, quantity=4, at=self._now())
            tab.wait_sent()
            self._open_job(tab)
            self.network.drop("api/blob", 1)
            self.network.drop("api/push", 1)
            for count in (1, 2):
                tab.choose_file(".photo input", self._photo())
                tab.wait(f"fieldApp.job.photos.length + fieldApp.job.documents.length >= {count}")
            tab.wait_sent()
        self.assertGreaterEqual(len(self.network.dropped), 4, self.network.dropped)
        self.assertTrue(self.network.doubled)

    def test_lost_doubled_and_slow_answers_count_once(self):
        self._start_signed_in()
        self._bad_network()
        self.assertEqual(self._used(), 7)
        self.assertEqual(self._on_hand(self.burner, self.van), -2)
        self.assertEqual(len(self.intervention.attachment_ids), 2)
        self.assertEqual(self.env["service.field.blob"].search_count([]), 2)

    def test_without_the_claim_they_count_twice(self):
        """The negative control: with the server's claim disabled, the check above fails."""
        commands = type(self.env["service.field.command"])
        claim = commands._claim

        def claim_anything(log, device, entries):
            log.env.cr.execute(
                "UPDATE service_field_command SET uuid = gen_random_uuid() WHERE uuid = ANY(%s)",
                [[entry["uuid"] for entry in entries]],
            )
            return claim(log, device, entries)

        self._start_signed_in()
        with patch.object(commands, "_claim", claim_anything):
            self._bad_network()
        self.assertGreater(self._used(), 7)

    def test_the_same_batch_many_times_at_once_and_in_any_order(self):
        self._start_signed_in()
        commands = [
            self._command(
                "consume", chain=str(n), product=self.burner.id, quantity=1, at=self._now()
            )
            for n in range(10)
        ]
        with self._using_phone() as tab:
            states = tab.run(
                f"""(async () => {{
                    const commands = {json.dumps(commands)};
                    const send = (list) => fetch("/field/api/push", {{
                        method: "POST",
                        headers: {{ "Content-Type": "application/json" }},
                        body: JSON.stringify({{ params: {{
                            device: fieldApp.device.id,
                            uid: fieldApp.state.user.uid, commands: list, api_version: 1 }} }}),
                    }}).then((answer) => answer.json());
                    const lists = [commands, [...commands].reverse(), commands.slice(5),
                                   commands.slice(0, 5), commands];
                    const answers = await Promise.all(lists.map(send));
                    return answers.flatMap((a) => a.result.results.map((r) => r.verdict));
                }})()"""
            )
        self.assertEqual(set(states), {"applied"})
        self.assertEqual(self._used(), 10)

    def test_two_tabs_send_once(self):
        self._start_signed_in()
        with self._using_phone() as tab:
            other = self.phone.new_tab()
            other.wait_for(".visit")
            self._go_offline()
            for _count in range(3):
                self._record(tab, "consume", product=self.burner.id, quantity=1, at=self._now())
            self._go_online()
            for page in (tab, other):
                page.run("void fieldApp.sync.run()")
            tab.wait_sent()
            other.wait_sent()
        self.assertEqual(self._used(), 3)

    def test_who_signs_in_sends_only_own_work(self):
        """The session ends; a colleague borrows the phone; the technician comes back."""
        self._start_signed_in()
        with self._using_phone() as tab:
            self._go_offline()
            self._record(tab, "consume", product=self.burner.id, quantity=1, at=self._now())
            tab.wait("fieldApp.state.outbox.length === 1 && fieldApp.state.net === 'offline'")
            tab.ask("Network.clearBrowserCookies")
            tab.run("fieldApp.sync.pause(() => {})")  # nothing is on its way with the old cookie
            self._go_online()
            tab.run("fieldApp.sync.run()")
            tab.wait_for(".login")
            self.assertEqual(tab.run("fieldApp.state.outbox.length"), 1)
            tab.open("/field/account")
            tab.click(".sign-out")
            tab.wait_for(".refused")
            tab.sign_in("colleague")
            tab.wait(f"fieldApp.state.me.uid === {self.colleague_user.id}")
            self.assertEqual(
                tab.run("[fieldApp.state.outbox.length, fieldApp.state.interventions.length]"),
                [0, 0],
            )
        self.assertEqual(self._used(), 0)
        with self._using_phone() as tab:
            tab.click(".sign-out")
            tab.wait("!fieldApp.state.user")
            tab.sign_in("technician")
            # what waits on the device is read together with who is signed in
            tab.wait(f"fieldApp.state.me.uid === {self.technician_user.id}")
            tab.wait_sent()
        self.assertEqual(self._used(), 1)

    def test_cancelled_and_given_away_meanwhile(self):
        cancelled = self._plan(self.request, self.start + timedelta(days=1))
        uuid = cancelled.uuid
        self._start_signed_in()
        with self._using_phone() as tab:
            self._go_offline()
            self._record(tab, "step", step="arrive", at=self._now())
            self._record(tab, "consume", product=self.burner.id, quantity=1, at=self._now())
            for kind, payload in (
                ("step", {"step": "arrive", "at": self._now()}),
                ("consume", {"product": self.burner.id, "quantity": 2, "at": self._now()}),
            ):
                self._record(tab, kind, intervention=uuid, **payload)
        self._give_away(self.intervention)
        cancelled.action_cancel("The customer called it off")
        self._go_online()
        with self._using_phone() as tab:
            tab.run("fieldApp.sync.run()")
            tab.wait_sent()
            tab.open("/field/outbox")
            tab.wait("document.querySelectorAll('.attention').length === 4")
            shown = tab.run("fieldApp.state.interventions.map((row) => [row.id, row.state])")
        self.assertEqual(shown, [[uuid, "cancelled"]])
        self.assertEqual(self._used(), 1)
        self.assertEqual(sum(cancelled.consumption_ids.mapped("quantity")), 2)
        self.assertEqual([self.intervention.state, cancelled.state], ["planned", "cancelled"])
        entries = self.env["service.field.command"].search([("needs_attention", "=", True)])
        reviews = [(entry.intervention_id, entry.review) for entry in entries.sorted("id")]
        both = [(self.intervention, "given_away"), (cancelled, "cancelled")]
        self.assertEqual(reviews, [both[0]] * 2 + [both[1]] * 2)

    def test_a_thousand_entries_after_a_week(self):
        """Texts that build on each other and hours; an answer gets lost on the way."""
        self._start_signed_in()
        with self._using_phone() as tab:
            self._go_offline()
            tab.run(
                f"""(async () => {{
                    const intervention = "{self.uuid}";
                    const [start, stop] = ["{self._now(hours=1)}", "{self._now()}"];
                    for (let n = 0; n < 500; n++) {{
                        const [base, value] = [String(n || ""), String(n + 1)];
                        const text = {{ intervention, field: "findings", base, value }};
                        const time = {{ intervention, kind: "work", start, stop }};
                        for (const [kind, payload] of Object.entries({{ text, time }})) {{
                            await fieldApp.store.enqueue({{ kind, chain: intervention, payload }});
                        }}
                    }}
                    await fieldApp.refresh();
                }})()"""
            )
            self.assertEqual(tab.run("fieldApp.state.outbox.length"), 1000)
            self.network.drop("api/push", 1)
            self._go_online()
            tab.run("void fieldApp.sync.run()")
            tab.wait_sent(120)
            self.assertFalse(tab.run("fieldApp.attention.length"))
        self.assertEqual(self.intervention.findings, "500")
        self.assertEqual(len(self.intervention.time_ids), 500)

    def test_a_poison_holds_its_own_chain_only(self):
        other = self._plan(self.request, self.start + timedelta(days=1))
        beside = other.uuid
        self._start_signed_in()
        model = type(self.env["service.intervention"])
        with (
            patch.object(model, "action_arrive", side_effect=ZeroDivisionError("bug")),
            mute_logger(LOG),
            self._using_phone() as tab,
        ):
            self._record(tab, "step", step="arrive", at=self._now())
            self._record(tab, "text", field="findings", base="", value="behind")
            self._record(
                tab, "text", intervention=beside, field="findings", base="", value="beside"
            )
            tab.wait("fieldApp.state.outbox.length === 2 && fieldApp.state.net === 'online'")
        self.assertEqual([self.intervention.findings, other.findings], [False, "beside"])
        with self._using_phone() as tab:
            tab.run("fieldApp.sync.run()")
            tab.wait_sent()
        self.assertRecordValues(self.intervention, [{"state": "on_site", "findings": "behind"}])

    def test_a_new_version_waits_until_the_technician_agrees(self):
        self._start_signed_in()
        with (
            patch.object(FieldShell, "_get_version", lambda _self: "another"),
            self._using_phone() as tab,
        ):
            old = tab.run("odoo.field.version")
            tab.run("navigator.serviceWorker.getRegistration('/field/').then(r => r.update())")
            tab.wait_for(".update")
            self._go_offline()
            self.assertEqual(tab.run("odoo.field.version"), old)
            tab.click(".update button")
            tab.wait("window.odoo?.field?.version === 'another'")
            tab.wait_for(".visit")
            kept = tab.run("caches.keys()")
        self.assertEqual(kept, ["field-app-another"])

    def test_a_revoked_device_forgets_everything(self):
        self._start_signed_in()
        device = self.env["service.field.device"].search([("last_contact", "!=", False)], limit=1)
        self.assertEqual(device.user_id, self.technician_user)
        device.action_revoke()
        with self._using_phone() as tab:
            tab.ask("Network.clearBrowserCookies")  # even without a session
            tab.run("fieldApp.sync.run()")
            tab.wait("fieldApp.state.wiped")
            tab.wait_for(".login")
            names = tab.run("indexedDB.databases().then(list => list.map(db => db.name))")
        self.assertEqual(names, ["field-device"])

    def test_a_device_without_contact_is_locked(self):
        customer = self.customer.name
        self._start_signed_in()
        with self._using_phone() as tab:
            self._go_offline()
            tab.run("fieldApp.store.db.put('meta', Date.now() - 15 * 86400000, 'contact')")
            tab.reload()
            tab.wait_for(".locked")
            self.assertNotIn(customer, tab.run("document.body.innerText"))
            self._go_online()
            tab.run("fieldApp.sync.run()")
            tab.wait_for(".visit")

    def test_what_changed_in_the_office_is_told_and_seen(self):
        self._start_signed_in()
        chips = "[...document.querySelectorAll('.visit .chip.info')].map((e) => e.innerText)"
        with self._using_phone() as tab:
            self.assertEqual(tab.run(chips), ["New"])
            self._open_job(tab)
            tab.click("button[aria-label=Back]")
            tab.wait(f"{chips}.length === 0")
        self.request.title = "No heating at all"
        with self._using_phone() as tab:
            tab.run("fieldApp.sync.run()")
            tab.wait("document.querySelector('.visit').innerText.includes('No heating at all')")
            self.assertEqual(tab.run(chips), ["Changed"])
            self._open_job(tab)
            tab.click("button[aria-label=Back]")
            tab.wait(f"{chips}.length === 0")
            self._record(tab, "text", field="findings", base="", value="Own work")
            tab.wait_sent()
            tab.run("fieldApp.sync.run()")
            self.assertFalse(tab.run(chips), "one's own work is no news")

    def test_the_catalogue_is_read_again_only_when_it_changed(self):
        self.env.cr.execute(
            "UPDATE product_product SET write_date = '2020-01-01';"
            "UPDATE product_template SET write_date = '2020-01-01';"
            "UPDATE stock_move_line SET date = '2020-01-01'"
        )
        self._start_signed_in()
        with self._using_phone() as tab:
            tab.run("window.before = fieldApp.parts")
            tab.run("fieldApp.sync.run()")
            self.assertTrue(tab.run("fieldApp.parts.length && fieldApp.parts === window.before"))
        self.burner.name = "Burner Mark II"
        with self._using_phone() as tab:
            tab.run("fieldApp.sync.run()")
            self._go_offline()
            tab.open("/field/stock")
            tab.wait("document.body.innerText.includes('Burner Mark II')")

    def test_the_parts_of_a_machine_are_those_of_its_service_bom(self):
        other = self.env["product.product"].create({"name": "Pump", "is_storable": True})
        self.env["service.bom"].create(
            {
                "product_tmpl_id": self.machine.product_id.product_tmpl_id.id,
                "line_ids": [Command.create({"product_id": self.burner.id})],
            }
        )
        kind, ids = self.machine.product_id.id, [self.burner.id, other.id]
        shown = "[...document.querySelectorAll('.part')].map((e) => e.innerText).join()"
        self._start_signed_in()
        self._go_offline()
        with self._using_phone() as tab:
            tab.click(".tab-stock")
            tab.click(".stock-parts")
            tab.wait(f"{shown}.includes('Pump') && {shown}.includes('Burner')")
            tab.fill(".by-machine select", str(kind))
            tab.wait(f"!{shown}.includes('Pump') && {shown}.includes('Burner')")
            tab.click(".tab-tour")
            self._open_job(tab)
            tab.click(".use-part")
            tab.wait_for(f".choose[data-id='{ids[1]}']")
            first = tab.run("document.querySelector('.choose').innerText")
            self.assertIn("Machine", first, "the parts of the machine come first")
            self.assertIn("Burner", first)

    def test_the_app_speaks_the_technicians_language_offline(self):
        languages = {
            "fr_FR": ("Ma tournée", "Partir", "Compte rendu"),
            "zh_CN": ("我的行程", "出发", "报告"),
        }
        for lang in languages:
            self.env["res.lang"]._activate_lang(lang)
        self._start_signed_in()
        for lang, (tour, *words) in languages.items():
            self.technician_user.lang = lang
            self._go_online()
            with self._using_phone() as tab:
                tab.run("void fieldApp.sync.run()")
                tab.wait(f"document.documentElement.lang === {lang.replace('_', '-')!r}")
                tab.wait_for(".visit, .job")
                self._go_offline()
                tab.open("/field/tour")
                tab.wait(f"document.body.innerText.includes({tour!r})")
                tab.open(f"/field/job/{self.uuid}")
                for word in words:
                    tab.wait(f"document.body.innerText.includes({word!r})")
