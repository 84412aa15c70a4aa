from odoo import fields, models


class ServiceEquipment(models.Model):
    _inherit = "service.equipment"

    maintenance_equipment_ids = fields.One2many(
        "maintenance.equipment",
        "service_equipment_id",
        string="Internal Maintenance",
        groups="maintenance.group_equipment_manager",
        help="The same machine in Odoo's own maintenance.",
    )
    maintenance_open_count = fields.Integer(
        compute="_compute_maintenance_open_count",
        string="Open Maintenance Requests",
        groups="maintenance.group_equipment_manager",
    )

    def _compute_maintenance_open_count(self):
        for equipment in self:
            equipment.maintenance_open_count = sum(
                equipment.maintenance_equipment_ids.mapped("maintenance_open_count")
            )

    def action_view_maintenance_equipment(self):
        """Open the same machine in Odoo's own maintenance."""
        return self.maintenance_equipment_ids._get_records_action()

    def action_create_maintenance_equipment(self):
        """Have these machines maintained internally as well; open them there.

        :raise AccessError: for users who may not manage maintenance equipment
        """
        missing = self.filtered(lambda machine: not machine.maintenance_equipment_ids)
        self.env["maintenance.equipment"].create(
            [machine._prepare_maintenance_equipment_values() for machine in missing]
        )
        return self.action_view_maintenance_equipment()

    def _prepare_maintenance_equipment_values(self):
        """Values of the maintenance equipment; the rest follows from the link."""
        self.ensure_one()
        start = self.commissioning_date or self.delivery_date
        return {
            "service_equipment_id": self.id,
            "company_id": self.company_id.id,
            "effective_date": start or fields.Date.context_today(self),
        }
