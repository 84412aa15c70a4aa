from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged

from .common import InstalledBaseCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15 08:00:00")
class TestPlace(InstalledBaseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        group = "installed_base.group_service_"
        cls.technician = cls._create_user("technician", group + "technician")
        cls.call_taker = cls._create_user("calltaker", group + "user")
        cls.annex = cls.env["res.partner"].create(
            {"name": "Annex", "parent_id": cls.customer.id, "type": "delivery"}
        )
        cls.clinic_site = cls.env["res.partner"].create(
            {"name": "Cellar", "parent_id": cls.other_customer.id, "type": "delivery"}
        )
        cls.nurse = cls.env["res.partner"].create(
            {"name": "Nina Nurse", "parent_id": cls.other_customer.id}
        )
        cls.system = cls._create_equipment()
        cls.machine = cls._create_equipment(parent_id=cls.system.id)

    def _wizard(self, model, machines, user):
        return Form(
            self.env[model]
            .with_user(user)
            .with_context(active_model="service.equipment", active_ids=machines.ids)
        )

    def test_technician_moves_a_machine_on_an_earlier_day(self):
        with self._wizard("service.equipment.move", self.machine, self.technician) as form:
            self.assertEqual(form.partner_id, self.customer)
            form.site_id = self.annex
            form.date = "2026-05-03"
        form.record.action_confirm()
        self.assertRecordValues(
            self.machine,
            [
                {
                    "site_id": self.annex.id,
                    "site_since": fields.Date.to_date("2026-05-03"),
                    "parent_id": False,  # its system stayed
                }
            ],
        )
        self.assertRecordValues(
            self.machine.event_ids,
            [
                {
                    "event_type": "moved",
                    "date": fields.Datetime.to_datetime("2026-05-03 12:00:00"),
                    "old_value": self.site.display_name,
                    "new_value": self.annex.display_name,
                    "user_id": self.technician.id,
                }
            ],
        )

    def test_system_moves_with_its_machines(self):
        with self._wizard("service.equipment.move", self.system, self.technician) as form:
            self.assertEqual(form.part_count, 1)
            form.site_id = self.annex
        form.record.action_confirm()
        self.assertRecordValues(
            self.system + self.machine,
            [
                {"site_id": self.annex.id, "parent_id": False},
                {"site_id": self.annex.id, "parent_id": self.system.id},
            ],
        )

    def test_machines_of_several_customers_are_not_moved_together(self):
        foreign = self._create_equipment(
            partner_id=self.other_customer.id, site_id=self.clinic_site.id
        )
        wizard = self.env["service.equipment.move"].create(
            {"equipment_ids": (foreign + self.machine).ids, "site_id": self.annex.id}
        )
        with self.assertRefused(UserError, "several customers"):
            wizard.action_confirm()

    def test_site_of_another_customer_is_refused(self):
        with self.assertRefused(ValidationError, "Cellar"):
            self.machine._move_to(self.clinic_site, fields.Date.to_date("2026-06-15"))

    def test_day_in_the_future_is_refused(self):
        with self.assertRefused(UserError, "2026-06-16 is in the future"):
            self.machine._move_to(self.annex, fields.Date.to_date("2026-06-16"))

    def test_day_before_the_delivery_is_refused(self):
        self.machine.delivery_date = "2026-05-01"
        with self.assertRefused(UserError, "2026-05-01.*2026-04-30"):
            self.machine._move_to(self.annex, fields.Date.to_date("2026-04-30"))

    def test_call_taker_gives_a_machine_to_another_customer(self):
        with self._wizard("service.equipment.transfer", self.machine, self.call_taker) as form:
            form.partner_id = self.other_customer
            self.assertEqual(form.site_id, self.clinic_site)
            form.contact_id = self.nurse
            form.date = "2026-06-01"
        form.record.action_confirm()
        day = fields.Date.to_date("2026-06-01")
        self.assertRecordValues(
            self.machine,
            [
                {
                    "partner_id": self.other_customer.id,
                    "site_id": self.clinic_site.id,
                    "contact_id": self.nurse.id,
                    "owner_since": day,
                    "site_since": day,
                    "parent_id": False,
                }
            ],
        )
        owner = self.machine.event_ids.filtered(lambda e: e.event_type == "owner_changed")
        self.assertRecordValues(
            owner,
            [
                {
                    "date": fields.Datetime.to_datetime("2026-06-01 12:00:00"),
                    "old_value": "Hôtel du Lac",
                    "new_value": "Clinique des Alpes",
                }
            ],
        )

    def test_system_changes_hands_with_its_machines(self):
        self.system._transfer_to(
            self.other_customer, self.clinic_site, fields.Date.to_date("2026-06-15")
        )
        self.assertEqual((self.system + self.machine).partner_id, self.other_customer)
        self.assertEqual(self.machine.parent_id, self.system)

    def test_technician_gives_no_machine_away(self):
        with self.assertRefused(AccessError, "service.equipment.transfer"):
            self.env["service.equipment.transfer"].with_user(self.technician).create(
                {
                    "equipment_ids": self.machine.ids,
                    "partner_id": self.other_customer.id,
                    "site_id": self.clinic_site.id,
                }
            )

    def test_technician_writes_no_other_customer_on_a_machine(self):
        machine = self.machine.with_user(self.technician)
        self.env.invalidate_all()
        machine.partner_id = self.customer  # the form may send what is there
        with self.assertRefused(AccessError, "belongs to another customer: ask the office"):
            machine.partner_id = self.other_customer
