from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged

from .common import ServiceContractCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15 10:00:00")
class TestDocuments(ServiceContractCommon):
    """What others see of contracts: the printed contract, returns, the smart buttons."""

    # === THE PRINTED CONTRACT === #

    def _print(self, contract):
        report = self.env["ir.actions.report"]
        content, _type = report._render_qweb_html(
            "service_contract.report_service_contract", contract.ids
        )
        return content.decode()

    def test_the_contract_is_printed_with_all_it_promises(self):
        contract = self._create_contract(
            {"equipment_id": self.machine.id, "labor_rate": 50, "request_limit": 7},
            {
                "is_exclusion": True,
                "scope": "customer",
                "component_category_id": self.wear_parts.id,
            },
            terms="<p>Payable within thirty days.</p>",
            price=1200,
            commitment_ids=[Command.create({"blocking": True, "response_hours": 4})],
        )
        printed = self._print(contract)
        for text in (
            contract.name,
            f'<span itemprop="name">{self.customer.name}</span>',
            self.machine.code,
            "B-1",
            "12/31/2026",
            "1,200.00",
            "<span>50</span> %",
            "requests",
            "Wear parts",
            "not covered",
            "04:00",
            "day and night",
            "Payable within thirty days.",
        ):
            self.assertTrue(text in printed, text)

    def test_meters_points_and_who_pays_are_printed(self):
        pages = self.env["service.meter.type"].create(
            {"name": "Pages", "uom_id": self.env.ref("uom.product_uom_unit").id}
        )
        contract = self._create_contract(
            {
                "scope": "customer",
                "points_per_amount": 0.5,
                "covered_by_id": self.other_customer.id,
            },
            meter_term_ids=[
                Command.create(
                    {
                        "meter_type_id": pages.id,
                        "included": 1500,
                        "tier_ids": [
                            Command.create({"price_unit": 0.35}),
                            Command.create({"from_quantity": 500.5, "price_unit": 0.0042}),
                        ],
                    }
                )
            ],
        )
        printed = " ".join(self._print(contract).split())
        for text in (
            "<span>0.50</span> points per",
            f"paid by <span>{self.other_customer.name}</span>",
            "<span>1,500</span> <span>Units</span>",
            "<span>0.35</span>",
            "from <span>0</span>",
            "<span>0.004200</span>",
            "from <span>500.500</span>",
        ):
            self.assertTrue(text in printed, text)

    def test_the_contract_speaks_the_language_of_the_customer(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.env["ir.module.module"]._load_module_terms(["service_contract"], ["fr_FR"])
        self.customer.lang = "fr_FR"
        contract = self._create_contract(terms="<p>Payable</p>")
        printed = self._print(contract)
        self.assertTrue("Ce qui est couvert" in printed)
        self.assertTrue("31/12/2026" in printed)
        self.assertFalse("What is covered" in printed)

    def test_a_technician_prints_no_prices(self):
        technician = self._create_user("hugo", "installed_base.group_service_technician")
        report = self.env.ref("service_contract.action_report_service_contract")
        self.assertFalse(technician.all_group_ids & report.group_ids)

    # === RETURNS === #

    def _return(self, picking):
        wizard = (
            self.env["stock.return.picking"]
            .with_context(active_id=picking.id, active_ids=picking.ids, active_model=picking._name)
            .create({})
        )
        wizard.product_return_moves.quantity = 1
        return self.env["stock.picking"].browse(wizard.action_create_returns()["res_id"])

    def test_a_return_says_whether_the_machine_is_in_warranty(self):
        self.machine_product.warranty_template_id = self._create_template({}, kind="warranty")
        self.machine_product.supplier_warranty_months = 24
        delivery = self._deliver(self.machine_product, ["B-9"])
        machine = self.env["service.equipment"].search([("serial_number", "=", "B-9")])
        self.assertFalse(delivery.shows_service_coverage)
        back = self._return(delivery)
        self.assertTrue(back.shows_service_coverage)
        line = back.move_line_ids
        self.assertRecordValues(
            line,
            [
                {
                    "service_coverage_status": "full",
                    "service_supplier_warranty_end": machine.supplier_warranty_end,
                }
            ],
        )
        self.assertTrue(machine.supplier_warranty_end)
        back.scheduled_date = "2029-01-01 10:00:00"
        self.assertEqual(line.service_coverage_status, "none")
        self.assertIn("ended on", line.service_coverage_reason)

    def test_a_stock_clerk_sees_the_verdict_without_rights_on_contracts(self):
        self.machine_product.warranty_template_id = self._create_template({}, kind="warranty")
        back = self._return(self._deliver(self.machine_product, ["B-9"]))
        clerk = self._create_user("clerk", "stock.group_stock_user")
        self.env.invalidate_all()
        line = back.move_line_ids.with_user(clerk)
        self.assertEqual(line.service_coverage_status, "full")

    def test_goods_that_nobody_knows_say_nothing(self):
        back = self._return(self._deliver(self.burner, quantity=1))
        self.assertRecordValues(
            back.move_line_ids,
            [{"service_coverage_status": False, "service_supplier_warranty_end": False}],
        )

    def test_many_lines_are_asked_together(self):
        self.machine_product.warranty_template_id = self._create_template({}, kind="warranty")
        back = self._return(self._deliver(self.machine_product, [f"B-{n}" for n in range(10, 20)]))
        lots = self.env["stock.lot"].search([("name", "like", "B-1_")])
        back.move_line_ids.unlink()
        back.move_ids.move_line_ids = [
            Command.create(
                {
                    "product_id": self.machine_product.id,
                    "lot_id": lot.id,
                    "quantity": 1,
                    "location_id": back.location_id.id,
                    "location_dest_id": back.location_dest_id.id,
                    "picking_id": back.id,
                }
            )
            for lot in lots
        ]

        def count(lines):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            # what a list reads, whatever was read of the picking before
            statuses = lines.browse(lines.ids).mapped("service_coverage_status")
            return self.env.cr.sql_log_count - before, statuses

        count(back.move_line_ids[:1])
        one, _status = count(back.move_line_ids[:1])
        many, statuses = count(back.move_line_ids)
        self.assertEqual(set(statuses), {"full"})
        self.assertLessEqual(many, one)

    # === SMART BUTTONS === #

    def test_the_contracts_of_a_machine_are_a_click_away(self):
        first = self._create_contract()
        second = self._create_contract({"equipment_id": self.machine.id}, {"scope": "customer"})
        self._create_template({"scope": "customer"})
        self.env.invalidate_all()
        self.assertEqual(self.machine.contract_count, 2)
        domain = self.machine.action_view_contracts()["domain"]
        self.assertEqual(self.env["service.contract"].search(domain), first | second)

    def test_the_contracts_of_a_customer_are_a_click_away_from_each_address(self):
        contract = self._create_contract()
        paid = self._create_contract(partner_id=self.other_customer.id, payer_id=self.customer.id)
        for partner in (self.customer, self.site):
            self.assertEqual(partner.service_contract_count, 2)
            domain = partner.action_view_service_contracts()["domain"]
            self.assertEqual(self.env["service.contract"].search(domain), contract | paid)
        self.assertEqual(self.other_customer.service_contract_count, 1)

    def test_the_salesperson_chooses_the_machines_on_the_order(self):
        template = self._create_template({}, name="Maintenance")
        product = self._create_product(
            "Maintenance", type="service", service_contract_template_id=template.id
        )
        second = self._create_equipment(serial_number="B-2")
        seller = self._create_user("seller", "sales_team.group_sale_salesman_all_leads")
        self.env.invalidate_all()
        form = Form(self.env["sale.order"].with_user(seller))
        form.partner_id = self.customer
        with form.order_line.new() as line:
            line.product_id = product
            line.service_equipment_ids.add(self.machine)
            line.service_equipment_ids.add(second)
        order = form.save()
        order.action_confirm()
        self.env.invalidate_all()
        contract = self.env["service.contract"].search([("sale_order_id", "=", order.id)])
        self.assertEqual(contract.coverage_ids.equipment_id, self.machine | second)
