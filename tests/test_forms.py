from lxml import etree

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import LoopCommon

RIGHTS = {
    "sales": "sales_team.group_sale_salesman_all_leads",
    "stock": "stock.group_stock_user",
    "accounting": "account.group_account_invoice",
    "service": "installed_base.group_service_user",
    "field": "installed_base.group_service_technician",
    "people": "hr.group_hr_user",
}
OURS = ("installed_base", "service_", "field_intervention")


@tagged("post_install", "-at_install")
class TestForms(LoopCommon):
    """With the whole suite, whoever may read a record can open its form."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        picking = cls._deliver(cls.machine_product, ["B20-1"])
        machine = cls.env["service.equipment"].search([("serial_number", "=", "B20-1")])
        request = cls._request(machine)
        visit = cls.env["service.intervention"].create(
            {"request_id": request.id, "technician_id": cls.technician.id}
        )
        cls._consume(request, cls.burner, intervention_id=visit.id)
        invoice = cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": cls.customer.id,
                "invoice_line_ids": [(0, 0, {"product_id": cls.labor.id, "quantity": 1})],
            }
        )
        contract = cls.env["service.contract"].search([("picking_id", "=", picking.id)])
        cls.records = [request, machine, cls.customer, contract, picking.sale_id, invoice, picking]

    def _read_form(self, record):
        """Read what the web client reads to show the form of a record."""
        view = record.get_views([(False, "form")])["views"]["form"]
        arch = etree.fromstring(view["arch"])
        self.assertTrue(record.web_read(self._get_specification(arch, record)))

    def _is_ours(self, field):
        return any(module.startswith(OURS) for module in field._modules)

    def _get_specification(self, arch, record):
        names = {}
        for node in arch.iter("field"):
            if next((up for up in node.iterancestors("field")), arch) is not arch:
                continue
            field = record._fields.get(node.get("name"))
            if not field or not self._is_ours(field):
                continue  # what Odoo's own forms show to whom is up to Odoo
            value = names.setdefault(field.name, {})
            if field.type == "many2one":
                value["fields"] = {"display_name": {}}
            elif field.type in ("one2many", "many2many"):
                inner = value.setdefault("fields", {})
                for view in node:
                    if view.tag in ("list", "kanban", "form"):
                        inner.update(self._get_specification(view, self.env[field.comodel_name]))
        return names

    def test_who_may_read_a_record_opens_its_form(self):
        opened = {}
        for login, group in RIGHTS.items():
            user = self._create_user(login, group)
            for record in self.records:
                self.env.flush_all()
                self.env.invalidate_all()
                mine = record.with_user(user)
                if not mine.has_access("read"):
                    continue
                with self.subTest(user=login, model=record._name):
                    try:
                        self._read_form(mine)
                    except AccessError as error:
                        self.fail(str(error))
                    opened[login] = opened.get(login, 0) + 1
        self.assertGreaterEqual(len(opened), 6, opened)
