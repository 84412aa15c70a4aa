from datetime import timedelta

from odoo.fields import Datetime
from odoo.tests import HttpCase, tagged

from .meter_common import MeterCommon


@tagged("post_install", "-at_install")
class TestMeterUi(MeterCommon, HttpCase):
    def test_technician_reads_and_replaces_a_meter_on_the_machine(self):
        self._create_user("technician", "installed_base.group_service_technician")
        today = Datetime.today()
        self.env["service.meter.reading"].create(
            [
                {
                    "meter_id": self.hours.id,
                    "date": today - timedelta(days=days),
                    "value": 300 - 10 * days,
                }
                for days in (30, 20, 10)
            ]
        )
        url = f"/odoo/equipment/{self.equipment.id}"
        self.start_tour(url, "installed_base_read_meter", login="technician")
        readings = self.hours.reading_ids.sorted(lambda r: (r.date, r.id))
        # the old counter stopped at 310, in the same second or a later one
        self.assertEqual(readings[:4].mapped("value"), [0, 100, 200, 310])
        self.assertEqual(readings[3].source, "technician")
        self.assertEqual((readings[-1].value, readings[-1].kind), (2, "replacement"))
        self.assertEqual(sum(readings.mapped("consumed")), 310)
        self.assertIn("meter_replaced", self.equipment.event_ids.mapped("event_type"))
