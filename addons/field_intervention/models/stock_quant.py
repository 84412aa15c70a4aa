from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain


class StockQuant(models.Model):
    """What technicians count in their vans: an inventory adjustment that the agency validates."""

    _inherit = "stock.quant"

    van_technician_id = fields.Many2one(
        "hr.employee",
        string="Counted by",
        readonly=True,
        index="btree_not_null",
        help="The technician whose count of the van waits for the agency.",
    )
    van_count_date = fields.Datetime(string="Counted on", readonly=True)
    van_count_expected = fields.Float(
        string="In the Stock Then",
        compute="_compute_van_count_expected",
        digits="Product Unit",
        help="What the stock said when the van was counted: the difference is the one to this.",
    )

    @api.depends("inventory_quantity", "inventory_diff_quantity")
    def _compute_van_count_expected(self):
        for quant in self:
            quant.van_count_expected = quant.inventory_quantity - quant.inventory_diff_quantity

    @api.model
    def action_view_van_counts(self):
        """Open the counts of vans that wait, of the technicians whom the user plans.

        :return: action
        :raise AccessError: when the user is no dispatcher
        """
        self._check_validates_van_counts()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "field_intervention.stock_quant_action_van_counts"
        )
        action["domain"] = list(self._get_van_count_domain())
        return action

    def action_apply_van_count(self):
        """Adjust the stock by what was counted.

        Parts that came or went since the count stay counted: the difference is the one of that
        moment.

        :return: True
        :raise UserError: when one of these does not wait, or belongs to another agency's van
        """
        counts_sudo = self._get_van_counts()
        for count in counts_sudo.filtered("is_outdated"):
            count.inventory_quantity = count.quantity + count.inventory_diff_quantity
        counts_sudo._apply_inventory()
        return True

    def action_refuse_van_count(self):
        """Forget what was counted; the stock stays as it is.

        :return: True
        :raise UserError: when one of these does not wait, or belongs to another agency's van
        """
        self._get_van_counts().action_clear_inventory_quantity()
        return True

    def action_clear_inventory_quantity(self):
        """A count that was applied or forgotten waits no longer."""
        self.filtered("van_count_date").write({"van_technician_id": False, "van_count_date": False})
        return super().action_clear_inventory_quantity()

    def _get_van_counts(self):
        """These counts, sudoed: who plans the technician validates without being a storekeeper."""
        self._check_validates_van_counts()
        waiting = self.search(self._get_van_count_domain() & Domain("id", "in", self.ids))
        if self - waiting:
            raise UserError(
                self.env._(
                    "The count of %(product)s does not wait for you: it was settled already, or "
                    "belongs to the van of another agency.",
                    product=(self - waiting)[0].product_id.display_name,
                )
            )
        return self.sudo()

    @api.model
    def _check_validates_van_counts(self):
        if not self.env.user.has_group("installed_base.group_service_dispatcher"):
            raise AccessError(self.env._("Only dispatchers validate the counts of the vans."))

    @api.model
    def _get_van_count_domain(self):
        employees = self.env["hr.employee"]
        technicians = employees.sudo().search(employees._get_technician_domain())
        return Domain("van_technician_id", "in", technicians.ids) & Domain(
            "van_count_date", "!=", False
        )
