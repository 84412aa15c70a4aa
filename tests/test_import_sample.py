from datetime import date
from pathlib import Path

from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.base.tests.common import BaseCommon

SAMPLES = Path(__file__).resolve().parent.parent / "docs/samples"

# What the import screen says about each wrong row of installed_base.csv.
WRONG_ROWS = {
    24: "No matching record found for name 'PAC-99' in field 'Product'",
    58: "'31/02/2019' does not seem to be a valid date for field 'Delivery Date'",
    87: "Value 'sûr' not found in selection field 'Certainty'",
    119: "The quantity of a machine must be positive",
    148: "Missing required value for the field 'Product'",
    183: "No matching record found for name 'C999-1' in field 'Site'",
    214: "'14 mars 2017' does not seem to be a valid date for field 'Delivery Date'",
    247: "'deux' does not seem to be a number for field 'Quantity'",
    271: "Missing required value for the field 'Customer'",
    325: "The serial number CF30-2201880 of [CFO-30] Chaudière fioul 30 kW is already that of",
    331: "is not an address of the customer Résidence Saint-Joseph: choose one of its addresses",
    362: "Value 'en marche' not found in selection field 'State'",
    398: "No matching record found for name 'PAC-99' in field 'Product'",
    431: "The quantity of a machine must be positive",
    467: "No matching record found for name 'Hôtel du Lac Noir' in field 'Customer'",
}


@tagged("post_install", "-at_install")
class TestImportSample(BaseCommon):
    """The shipped samples, through Odoo's import screen."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.call_taker = new_test_user(
            cls.env, "import_call_taker", "installed_base.group_service_user"
        )
        cls.manager = new_test_user(
            cls.env,
            "import_manager",
            "installed_base.group_service_manager,base.group_partner_manager,"
            # Odoo reads the credit limit of the customer when it imports a site
            "product.group_product_manager,account.group_account_invoice",
        )
        for name, model in (
            ("sectors.csv", "service.sector"),
            ("products.csv", "product.template"),
            ("customers.csv", "res.partner"),
        ):
            result = cls._import(model, cls._read_sample(name), cls.manager)
            if result["messages"]:
                raise AssertionError(f"{name}: {result['messages']}")
        cls.lines = cls._read_sample("installed_base.csv").splitlines(keepends=True)

    @classmethod
    def _read_sample(cls, name):
        return (SAMPLES / name).read_text(encoding="utf-8")

    @classmethod
    def _import(cls, model, text, user, dryrun=False):
        """Do what the import screen does with a file: each column finds its field by itself."""
        wizard = cls.env["base_import.import"].with_user(user)
        wizard = wizard.create({"res_model": model, "file": text.encode(), "file_type": "text/csv"})
        preview = wizard.parse_preview({"has_headers": True, "quoting": '"', "limit": 2000})
        columns = preview["headers"]
        fields = ["/".join(preview["matches"][index]) for index in range(len(columns))]
        return wizard.with_context(tracking_disable=True).execute_import(
            fields, [column.lower() for column in columns], preview["options"], dryrun=dryrun
        )

    def _machines(self):
        return self.env["service.equipment"].search([("create_uid", "=", self.call_taker.id)])

    def test_a_test_run_tells_all_wrong_rows(self):
        with mute_logger("odoo.sql_db"):
            result = self._import(
                "service.equipment", "".join(self.lines), self.call_taker, dryrun=True
            )
        messages = result["messages"]
        self.assertEqual([message["record"] for message in messages], list(WRONG_ROWS))
        for message, (row, sentence) in zip(messages, WRONG_ROWS.items(), strict=True):
            with self.subTest(row=row):
                self.assertEqual(message["type"], "error")
                self.assertEqual(message["rows"], {"from": row - 1, "to": row - 1})
                self.assertIn(sentence, message["message"])
                # so that the row is told, and the screen does not take two messages for one
                self.assertIn(f"[row {row}: ", message["message"])

    def test_one_wrong_row_keeps_the_file_out(self):
        result = self._import("service.equipment", "".join(self.lines[:30]), self.call_taker)
        self.assertEqual([message["record"] for message in result["messages"]], [24])
        self.assertFalse(result["ids"])
        self.assertFalse(self._machines())

    def test_the_good_rows_come_in(self):
        good = [line for row, line in enumerate(self.lines, 1) if row not in WRONG_ROWS]
        result = self._import("service.equipment", "".join(good), self.call_taker)
        self.assertFalse(result["messages"])
        machines = self._machines()
        self.assertEqual(sorted(result["ids"]), sorted(machines.ids))
        self.assertEqual(
            [len(machines), len(machines.partner_id), len(machines.site_id)], [485, 120, 157]
        )
        self.assertEqual(
            {
                sector.code: count
                for sector, count in machines._read_group(
                    [("id", "in", machines.ids)], ["sector_id"], ["__count"]
                )
            },
            {"01": 71, "38": 70, "42": 86, "69": 105, "73": 66, "74": 78, False: 9},
        )
        drafts = machines.filtered(lambda machine: machine.state == "draft")
        self.assertEqual(drafts, machines.filtered(lambda machine: not machine.site_id))

    def test_a_row_becomes_a_machine(self):
        self._import("service.equipment", "".join(self.lines[:5]), self.call_taker)
        machine = self._machines().filtered(lambda m: m.serial_number == "CT27-1401036")
        self.assertRecordValues(
            machine,
            [
                {
                    "product_id": self.env["product.product"]
                    .search([("default_code", "=", "CET-270")])
                    .id,
                    "quantity": 1,  # an empty cell
                    "delivery_date": date(2014, 7, 26),
                    "certainty": "reported",
                    "state": "in_service",
                    "version": "V2",
                    "sale_line_id": False,
                }
            ],
        )
        self.assertEqual(machine.partner_id.name, "Ville de Firminy")
        self.assertEqual(machine.site_id.ref, "C055-1")
        self.assertEqual(machine.site_id.parent_id, machine.partner_id)
