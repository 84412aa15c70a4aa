from datetime import date

from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged

from odoo.addons.installed_base.tests.delivery_common import DeliveryCommon

from .common import ServiceContractCommon


@tagged("post_install", "-at_install")
class TestLocalDays(ServiceContractCommon, DeliveryCommon):
    """Days begin and end where the agency of the machine is, whoever acts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.machine_product.warranty_template_id = cls._create_template(
            {"scope": "equipment"}, name="One year", kind="warranty"
        )
        cls.office = cls.env["resource.calendar"].create({"name": "Office", "tz": "UTC"})
        cls.site.service_agency_id = cls.env["service.agency"].create(
            {
                "name": "Branch",
                "code": "BRA",
                "resource_calendar_id": cls.office.id,
                "warehouse_id": cls.warehouse.id,
            }
        )
        cls.users = cls.env["res.users"]
        for tz in ("UTC", "America/New_York"):
            user = cls._create_user(f"storeman {tz}", "stock.group_stock_user")
            user.tz = tz
            cls.users |= user

    def _validate_as(self, user, picking):
        self.env.flush_all()
        self.env.invalidate_all()
        self._validate(picking.with_user(user).with_context(tz=user.tz))

    def test_the_day_of_a_machine_is_that_of_its_agency(self):
        hours = self.env.ref("uom.product_uom_hour")
        meter_type = self.env["service.meter.type"].create({"name": "Hours", "uom_id": hours.id})
        for tz, moment, day, last_day in (
            ("Europe/Paris", "2026-12-31 22:59:59", "2026-12-31", "2027-12-30"),
            ("Europe/Paris", "2026-12-31 23:30:00", "2027-01-01", "2027-12-31"),
            ("Europe/Paris", "2026-07-31 22:00:00", "2026-08-01", "2027-07-31"),
            ("America/New_York", "2027-01-01 04:59:59", "2026-12-31", "2027-12-30"),
            ("Asia/Shanghai", "2026-12-31 16:00:00", "2027-01-01", "2027-12-31"),
        ):
            day, last_day = date.fromisoformat(day), date.fromisoformat(last_day)
            for user in self.users:
                with self.subTest(tz=tz, moment=moment, user=user.tz), freeze_time(moment):
                    self.office.tz = tz
                    serial = f"{moment} {tz} {user.tz}"
                    self._validate_as(user, self._transfer(self.machine_product, [serial]))
                    machine = self._equipment(self.machine_product, serial_number=serial)
                    warranty = machine.contract_coverage_ids.contract_id
                    self.assertEqual(
                        (machine.delivery_date, warranty.date_start, machine.warranty_end),
                        (day, day, last_day),
                    )
                    self._check_meter(machine.with_context(tz=user.tz), meter_type, moment, day)
                    back = self._transfer(
                        self.machine_product,
                        [serial],
                        picking_type_id=self.warehouse.in_type_id.id,
                        location_id=self.customers.id,
                        location_dest_id=self.warehouse.lot_stock_id.id,
                    )
                    self._check_transfer(back, user, day)
                    self._validate_as(user, back)
                    self.assertEqual((machine.state, machine.state_since), ("returned", day))

    def test_today_is_that_of_the_agency_whoever_asks(self):
        machine = self._create_equipment(serial_number="L-1", site_id=self.site.id)
        part = self.env["service.equipment.component"].create(
            {"equipment_id": machine.id, "product_id": self.nozzle.id}
        )
        for tz, day, status in (
            ("Europe/Paris", "2027-01-01", "none"),
            ("America/New_York", "2026-12-31", "full"),
        ):
            for user_tz in ("UTC", "Asia/Shanghai"):
                with self.subTest(tz=tz, user=user_tz), freeze_time("2026-12-31 23:30:00"):
                    self.office.tz = tz
                    env = self.env(context={**self.env.context, "tz": user_tz})
                    env.invalidate_all()
                    contract, undated = (
                        self._create_contract(
                            {"equipment_id": machine.id},
                            active=False,
                            agency_id=machine.agency_id.id,
                            **values,
                        ).with_env(env)
                        for values in ({}, {"date_start": False, "date_end": False})
                    )
                    (contract | undated).action_activate()
                    self.assertEqual(str(undated.date_start), day)
                    undated.action_terminate("Test")
                    self.assertEqual(
                        (undated.state, str(undated.termination_date)), ("terminated", day)
                    )
                    self.assertEqual(machine.with_env(env).coverage_status, status)
                    self._check_wizards(env, machine, part, contract, day)
                    contract.action_suspend("Test")
                    self.assertEqual(
                        (contract.state, str(contract.suspension_date)), ("suspended", day)
                    )
                    contract.action_resume()
                    self.assertFalse(contract.suspension_ids, "resumed on its first day")
                    contract.action_terminate("Test", "2027-01-01")
                    ended = "terminated" if day == "2027-01-01" else "active"
                    self.assertEqual(contract.state, ended)
                    if ended == "active":
                        contract.action_withdraw_termination()
                        contract.action_terminate("Test")

    def _check_wizards(self, env, machine, part, contract, day):
        """What the dialogues propose as their date."""
        examination = machine.with_env(env).action_examine_coverage()["res_id"]
        self.assertEqual(str(env["service.coverage.examination"].browse(examination).date), day)
        for model, defaults in (
            ("service.contract.stop", {"contract_ids": contract.ids, "operation": "suspend"}),
            ("service.equipment.move", {"equipment_ids": machine.ids}),
            ("service.equipment.transfer", {"equipment_ids": machine.ids}),
            ("service.equipment.component.replace", {"component_id": part.id}),
        ):
            asking = env[model].with_context(
                **{f"default_{name}": value for name, value in defaults.items()}
            )
            form = Form(asking)
            self.assertEqual(str(form.date), day, model)

    def test_the_warehouse_that_delivers_names_the_agency_where_nobody_else_does(self):
        self.site.service_agency_id = self.customer.service_agency_id = False
        warehouse = self.env["stock.warehouse"].create({"name": "South", "code": "SOU"})
        agency = self.env["service.agency"].create(
            {
                "name": "South",
                "code": "SOU",
                "warehouse_id": warehouse.id,
                "resource_calendar_id": self.office.id,
            }
        )
        self.office.tz = "Asia/Shanghai"
        maintenance = self._create_product(
            "Maintenance",
            type="service",
            service_contract_template_id=self._create_template().id,
        )
        with freeze_time("2026-12-31 23:30:00"):
            picking = self._transfer(
                self.machine_product,
                ["S-1"],
                picking_type_id=warehouse.out_type_id.id,
                location_id=warehouse.lot_stock_id.id,
            )
            self._validate(picking)
            order = self.env["sale.order"].create(
                {
                    "partner_id": self.customer.id,
                    "warehouse_id": warehouse.id,
                    "order_line": [Command.create({"product_id": maintenance.id})],
                }
            )
            order.action_confirm()
        machine = self._equipment(self.machine_product, serial_number="S-1")
        warranty, sold = machine.contract_coverage_ids.contract_id, order.service_contract_ids
        self.assertEqual(machine.agency_id, agency)
        self.assertEqual((warranty | sold).agency_id, agency)
        self.assertEqual(
            [str(day) for day in (machine.delivery_date, warranty.date_start, sold.date_start)],
            ["2027-01-01"] * 3,
        )
        self.customer.service_agency_id = self.agency
        self.assertEqual((warranty | sold).agency_id, self.agency)

    def _check_transfer(self, back, user, day):
        """A warranty of this one day covers what comes back on it."""
        lines = back.move_line_ids.with_user(user).with_context(tz=user.tz)
        lines.lot_id.sudo().service_equipment_ids.contract_coverage_ids.date_end = day
        self.assertEqual(lines.service_coverage_status, "full")

    def _check_meter(self, machine, meter_type, moment, day):
        """What is read now counts for the day of the machine, and not for the day before."""
        meter = machine.env["service.meter"].create(
            {
                "equipment_id": machine.id,
                "type_id": meter_type.id,
                "reading_ids": [
                    Command.create({"value": 0, "date": "2026-01-01 12:00:00"}),
                    Command.create({"value": 70, "date": moment}),
                ],
            }
        )
        before = date.fromordinal(day.toordinal() - 1)
        for until, run in ((before, 0), (day, 70)):
            totals = meter._read_totals(machine.ids, meter_type.ids, until)
            self.assertEqual(totals, {machine.id: {meter_type.id: run}})
            self.assertEqual(meter._read_consumption(until, until), {meter: run})
