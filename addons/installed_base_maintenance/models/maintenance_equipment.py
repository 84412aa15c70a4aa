from odoo import api, fields, models


class MaintenanceEquipment(models.Model):
    _inherit = "maintenance.equipment"

    service_equipment_id = fields.Many2one(
        "service.equipment",
        string="Installed Base",
        index="btree_not_null",
        check_company=True,
        copy=False,
        help="The same machine in the installed base, which its name, model, serial number and "
        "supplier come from.",
    )
    can_add_to_installed_base = fields.Boolean(compute="_compute_can_add_to_installed_base")
    name = fields.Char(compute="_compute_name", store=True, readonly=False, precompute=True)
    model = fields.Char(compute="_compute_model", store=True, readonly=False, precompute=True)
    serial_no = fields.Char(
        compute="_compute_serial_no", store=True, readonly=False, precompute=True
    )
    partner_id = fields.Many2one(
        compute="_compute_partner_id", store=True, readonly=False, precompute=True
    )
    warranty_date = fields.Date(
        compute="_compute_warranty_date", store=True, readonly=False, precompute=True
    )

    _service_equipment_uniq = models.UniqueIndex(
        "(service_equipment_id) WHERE service_equipment_id IS NOT NULL",
        "This machine of the installed base is maintained as another equipment already.",
    )

    @api.depends_context("uid")
    @api.depends("service_equipment_id")
    def _compute_can_add_to_installed_base(self):
        may = self.env["service.equipment"].has_access("create") and self.has_access("write")
        for equipment in self:
            equipment.can_add_to_installed_base = may and not equipment.service_equipment_id

    @api.depends("service_equipment_id.name")
    def _compute_name(self):
        languages = [code for code, _name in self.env["res.lang"].get_installed()]
        for equipment in self:
            equipment.name = equipment.service_equipment_id.name or equipment.name
            # the machine has one name, this one may be translated
            for code in languages if equipment.service_equipment_id else ():
                equipment.with_context(lang=code).name = equipment.service_equipment_id.name

    @api.depends("service_equipment_id.product_id")
    def _compute_model(self):
        for equipment in self:
            product = equipment.service_equipment_id.product_id
            equipment.model = product.display_name or equipment.model

    @api.depends("service_equipment_id.serial_number")
    def _compute_serial_no(self):
        for equipment in self:
            machine = equipment.service_equipment_id
            equipment.serial_no = machine.serial_number if machine else equipment.serial_no

    @api.depends("service_equipment_id.supplier_id")
    def _compute_partner_id(self):
        for equipment in self:
            supplier = equipment.service_equipment_id.supplier_id
            equipment.partner_id = supplier or equipment.partner_id

    @api.depends("service_equipment_id.supplier_warranty_end")
    def _compute_warranty_date(self):
        for equipment in self:
            end = equipment.service_equipment_id.supplier_warranty_end
            equipment.warranty_date = end or equipment.warranty_date

    def action_view_service_equipment(self):
        """Open the same machine in the installed base."""
        return self.service_equipment_id._get_records_action()

    def action_create_service_equipment(self):
        """Open a new machine of the installed base with what is known of this equipment."""
        self.ensure_one()
        company = self.company_id or self.env.company
        return self.env["service.equipment"]._get_records_action(
            context={
                "default_name": self.name,
                "default_serial_number": self.serial_no,
                "default_company_id": company.id,
                "default_partner_id": company.partner_id.id,
                "default_site_id": company.partner_id.id,
                "default_supplier_id": self.partner_id.id,
                "default_supplier_warranty_end": self.warranty_date,
                "default_commissioning_date": self.effective_date,
                "default_maintenance_equipment_ids": [fields.Command.link(self.id)],
            }
        )
