from odoo.tests import tagged

from .delivery_common import DeliveryCommon


@tagged("post_install", "-at_install")
class TestDeliveryCompanies(DeliveryCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.branch = cls.env["res.company"].create({"name": "Branch"})
        cls.env.user.company_ids |= cls.branch
        cls.branch_warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.branch.id)], limit=1
        )
        # stock refuses the same serial number twice in one location
        cls.branch_customers = cls.customers.copy({"name": "Customers of the branch"})

    def _ship_from_branch(self, lots):
        return self._ship(
            self.machine_product,
            lots,
            picking_type_id=self.branch_warehouse.out_type_id.id,
            location_id=self.branch_warehouse.lot_stock_id.id,
            location_dest_id=self.branch_customers.id,
        )

    def test_each_company_has_its_own_machine_of_the_same_serial(self):
        self._ship(self.machine_product, ["B1"], partner=self.branch.partner_id)
        self._ship_from_branch(["B1"])
        self.assertRecordValues(
            self._equipment(self.machine_product),
            [
                {
                    "company_id": self.env.company.id,
                    "partner_id": self.branch.partner_id.id,
                    "serial_number": "B1",
                    "state": "in_service",
                },
                {
                    "company_id": self.branch.id,
                    "partner_id": self.customer.id,
                    "serial_number": "B1",
                    "state": "in_service",
                },
            ],
        )

    def test_return_to_one_company_leaves_the_machine_of_the_other(self):
        self._ship(self.machine_product, ["B1"], partner=self.branch.partner_id)
        self._return(self._ship_from_branch(["B1"]), serials=["B1"])
        ours, theirs = self._equipment(self.machine_product)
        self.assertRecordValues(ours | theirs, [{"state": "in_service"}, {"state": "returned"}])

    def test_goods_between_our_companies_are_at_no_customer(self):
        transit = self.env.ref("stock.stock_location_inter_company")
        transit.active = True
        self._ship(
            self.machine_product,
            ["B1"],
            partner=self.branch.partner_id,
            location_dest_id=transit.id,
        )
        self.assertFalse(self._equipment(self.machine_product))

    def test_machine_has_the_agency_of_the_company_that_delivered(self):
        self._ship_from_branch(["B1"])
        machine = self._equipment(self.machine_product)
        self.assertEqual(machine.agency_id.company_id, self.branch)
