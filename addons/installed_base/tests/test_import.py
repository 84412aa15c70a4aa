from odoo.tests import tagged
from odoo.tools import mute_logger
from odoo.tools.misc import file_open

from .common import InstalledBaseCommon

HEADER = "Customer;Product;Serial Number;Quantity;Delivery Date"


@tagged("post_install", "-at_install")
class TestImport(InstalledBaseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = cls._create_user("importer", "installed_base.group_service_user")

    def _import(self, *rows, model="service.equipment", header=HEADER, **options):
        """Import rows through the wizard of the import screen."""
        text = "\n".join([header, *rows])
        wizard = self.env["base_import.import"].with_user(self.user)
        wizard = wizard.create({"res_model": model, "file": text.encode(), "file_type": "text/csv"})
        preview = wizard.parse_preview(
            {"has_headers": True, "quoting": '"', "separator": ";", "encoding": "utf-8"}
        )
        columns = preview["headers"]
        fields = ["/".join(preview["matches"][index]) for index in range(len(columns))]
        return wizard.execute_import(fields, columns, {**preview["options"], **options})

    def _rows(self, result):
        return [message["record"] for message in result["messages"]]

    @mute_logger("odoo.sql_db")
    def test_each_wrong_row_is_told_once(self):
        result = self._import(
            "Hôtel du Lac;Boiler B20;A1;1;2024-01-31",
            "Hôtel du Lac;Boiler B99;A2;many;2024-02-31",
            "Hôtel du Lac;;A3;1;2024-01-31",
            "Hôtel du Lac;Boiler B20;A4;0;2024-01-31",
        )
        sentences = [message["message"].partition(" [")[0] for message in result["messages"]]
        self.assertEqual(
            list(zip(self._rows(result), sentences, strict=True)),
            [
                (3, "'many' does not seem to be a number for field 'Quantity'"),
                (3, "'2024-02-31' does not seem to be a valid date for field 'Delivery Date'"),
                (3, "No matching record found for name 'Boiler B99' in field 'Product'"),
                (4, "Missing required value for the field 'Product' (product_id)."),
                (5, "The quantity of a machine must be positive."),
            ],
        )

    @mute_logger("odoo.sql_db")
    def test_serial_twice_in_the_file_is_found_across_a_wrong_row(self):
        result = self._import(
            "Hôtel du Lac;Boiler B20;A1;1;",
            "Hôtel du Lac;Boiler B20;A2;-1;",
            "Hôtel du Lac;Boiler B20;A1;1;",
        )
        self.assertEqual(self._rows(result), [3, 4])
        self.assertIn("The serial number A1", result["messages"][1]["message"])

    @mute_logger("odoo.sql_db")
    def test_sentences_are_shown_where_they_can_be_read(self):
        result = self._import("Hôtel du Lac;Boiler B99;A1;1;", "Hôtel du Lac;Boiler B20;A2;-1;")
        choice, refusal = result["messages"]
        # under its column, with the choices that the screen offers there
        self.assertEqual((choice["field"], choice["value"]), ("product_id", "Boiler B99"))
        self.assertNotIn("field", refusal)
        self.assertIn("[row 3: Hôtel du Lac · Boiler B20 · A2 · -1]", refusal["message"])

    def test_empty_cell_of_a_required_field_means_its_default(self):
        result = self._import("Hôtel du Lac;Boiler B20;A1;;")
        machine = self.env["service.equipment"].browse(result["ids"])
        self.assertRecordValues(machine, [{"quantity": 1, "certainty": "reported"}])

    def test_machine_with_components_on_more_rows(self):
        rows = ["Hôtel du Lac;Boiler B20;;1;Burner", ";;;;Boiler B20", "Hôtel du Lac;?;;1;"]
        header = "Customer;Product;Serial Number;Quantity;component_ids/product_id"
        self.assertEqual(self._rows(self._import(*rows, header=header)), [4])
        result = self._import(*rows[:2], header=header)
        machine = self.env["service.equipment"].browse(result["ids"])
        self.assertEqual(machine.component_ids.product_id, self.burner + self.machine_product)

    def test_many_rows_come_in_portions(self):
        rows = [f"Hôtel du Lac;Boiler B20;A{number};1;" for number in range(25)]
        result = self._import(*rows, limit=20)
        self.assertEqual((len(result["ids"]), result["nextrow"]), (20, 20))
        self.assertEqual(self._import(*rows[20:], limit=20)["nextrow"], 0)

    def test_rows_of_a_later_portion_are_those_of_the_file(self):
        rows = [f"Hôtel du Lac;Boiler B20;A{number};1;" for number in range(5)]
        result = self._import(*rows, "Hôtel du Lac;?;A5;1;", skip=3)
        self.assertEqual(self._rows(result), [7])

    def test_name_beside_a_message_is_that_of_its_row(self):
        rows = ["Hôtel du Lac;Boiler B20;First", "Hôtel du Lac;?;Second"]
        result = self._import(*rows, header="Customer;Product;Name")
        [message] = result["messages"]
        self.assertEqual(result["name"][message["rows"]["from"]], "Second")

    def test_good_rows_before_a_wrong_one_are_not_kept(self):
        rows = [f"Hôtel du Lac;Boiler B20;A{number};1;" for number in range(25)]
        self.assertIs(self._import(*rows, "Hôtel du Lac;?;A25;1;")["ids"], False)
        self.assertFalse(self.env["service.equipment"].search([("serial_number", "=", "A1")]))

    def test_a_file_that_is_all_wrong_is_not_told_to_the_end(self):
        # no record is tried for a row that cannot be read: the log would tell of bad queries
        result = self._import(*[f"Hôtel du Lac;?;A{number};1;" for number in range(130)])
        self.assertEqual(len([m for m in result["messages"] if m["type"] == "error"]), 100)
        self.assertEqual(result["messages"][-1]["message"][:19], "100 rows are wrong:")

    def test_import_of_other_records_is_odoos(self):
        result = self._import(
            "Burner;2024-02-31",
            model="service.equipment.component",
            header="Product;Install Date",
        )
        self.assertTrue(result["messages"][0]["not_matching_error"])

    def test_template_has_the_columns_of_the_import(self):
        [template] = self.env["service.equipment"].get_import_templates()
        with file_open(template["template"].lstrip("/"), "rb") as file:
            wizard = self.env["base_import.import"].create(
                {
                    "res_model": "service.equipment",
                    "file": file.read(),
                    "file_name": "template.xlsx",
                    "file_type": "application/vnd.openxmlformats-officedocument"
                    ".spreadsheetml.sheet",
                }
            )
        preview = wizard.parse_preview({"has_headers": True, "quoting": '"'})
        self.assertEqual(
            [preview["matches"][index] for index in range(len(preview["headers"]))],
            [
                ["partner_id"],
                ["site_id"],
                ["product_id"],
                ["serial_number"],
                ["quantity"],
                ["delivery_date"],
                ["certainty"],
                ["state"],
                ["version"],
                ["note"],
            ],
        )
