from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class ProductTemplate(models.Model):
    _inherit = "product.template"

    is_equipment = fields.Boolean(
        string="Equipment",
        help="Delivering this product to a customer adds a machine to the installed base.",
    )
    supplier_warranty_months = fields.Integer(
        string="Supplier Warranty (months)",
        help="How long the supplier guarantees this product to us, from its receipt.",
    )
    service_bom_ids = fields.One2many(
        "service.bom", "product_tmpl_id", string="Service BOMs", groups="base.group_user"
    )

    _supplier_warranty_positive = models.Constraint(
        "CHECK (supplier_warranty_months >= 0)",
        "The supplier warranty cannot be negative.",
    )

    def action_create_missing_equipment(self):
        """Make the machines that were delivered before these products were equipment.

        Past deliveries and returns are taken in their order. A serial number or lot that the
        installed base knows already is left as it is.

        :return: an action that shows the new machines
        :raise UserError: when nothing is missing
        """
        equipment = self.filtered("is_equipment")._create_missing_equipment()
        if not equipment:
            raise UserError(
                self.env._(
                    "Nothing is missing: everything that was delivered of %(products)s is in the "
                    "installed base already, or came from no transfer with an address.",
                    products=", ".join(self.mapped("display_name")),
                )
            )
        return equipment._get_records_action(name=self.env._("Equipment"))

    def _create_missing_equipment(self):
        """Replay the past moves of these products that the installed base does not count."""
        self.env["service.equipment"].check_access("create")
        lines_sudo = (
            self.env["stock.move.line"]
            .sudo()
            .search(
                self._get_equipment_lines_domain()
                & Domain("company_id", "in", self.env.companies.ids)
                & Domain("state", "=", "done")
                & Domain("service_equipment_id", "=", False)
                & (
                    Domain("location_id.usage", "=", "customer")
                    | Domain("location_dest_id.usage", "=", "customer")
                )
            )
        )
        known = lines_sudo._find_known_equipment()
        for key, lines in lines_sudo.grouped(lambda line: line._equipment_key()).items():
            if key in known:
                lines.service_equipment_id = known[key]
        return lines_sudo.move_id._replay_equipment().with_env(self.env)

    def _get_equipment_lines_domain(self):
        """The stock move lines that may have moved machines of these products."""
        return Domain("product_id.product_tmpl_id", "in", self.ids)
