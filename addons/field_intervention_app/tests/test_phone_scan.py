from odoo.tests import tagged

from .codes import draw_code, draw_label, film
from .phone_case import PhoneCase

EAN, SERIAL = "4006381333931", "SN-00042"


@tagged("post_install", "-at_install")
class TestPhoneScan(PhoneCase):
    """The camera sees a real code, without a network: the app knows what it is."""

    def _show(self, picture):
        film(picture, self.phone.camera)

    def _start_offline(self):
        self._start_signed_in()
        self._go_offline()

    def test_the_label_of_a_machine_opens_its_next_visit(self):
        printed, _type = self.env["ir.actions.report"]._render_qweb_html(
            "installed_base.report_service_equipment_label", self.machine.ids
        )
        image = self.machine._get_scan_image()
        self.assertIn(image, printed.decode(), "what is shown is what is printed")
        self._show(draw_label(image))
        self._start_offline()
        with self._using_phone() as tab:
            tab.click(".scan")
            tab.wait_for(".job")
            self.assertEqual(tab.run("fieldApp.state.id"), self.uuid)
            self.assertTrue(tab.run("!document.querySelector('video')"), "the camera is off")

    def test_the_number_of_its_maker_opens_it_as_well(self):
        self._show(draw_code("Code128", self.machine.serial_number))
        self._start_offline()
        with self._using_phone() as tab:
            tab.click(".scan")
            tab.wait_for(".job")
            self.assertEqual(tab.run("fieldApp.state.id"), self.uuid)

    def test_the_bar_code_of_a_part_finds_it(self):
        self.burner.barcode = EAN
        self._show(draw_code("EAN13", EAN))
        self._start_offline()
        with self._using_phone() as tab:
            self._open_job(tab)
            tab.click(".use-part")
            tab.click(".sheet .bar button")
            tab.wait_for("input[name=quantity]")
            self.assertEqual(tab.run("document.querySelector('.sheet h2').innerText"), "Burner")
            self._close_sheet(tab)
            tab.open("/field/stock")
            tab.click(".scan")
            tab.wait(f"document.querySelector('input[type=search]').value === '{EAN}'")
            self.assertEqual(tab.run("document.querySelectorAll('.held').length"), 1)

    def test_a_data_matrix_gives_the_serial_number(self):
        # only what has a number already, or is tracked, is asked for the number of the new part
        self.machine.installed_component_ids.serial_number = "OLD-0"
        self._show(draw_code("ECC200DataMatrix", SERIAL))
        self._start_offline()
        with self._using_phone() as tab:
            self._open_job(tab)
            tab.click(".s-machine .exchange")
            tab.click(f".choose[data-id='{self.burner_id}']")
            tab.click(".scan-number")
            tab.wait(f"document.querySelector('input[name=number]').value === '{SERIAL}'")
