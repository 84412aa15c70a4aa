from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class ServiceEquipmentMove(models.TransientModel):
    """Asks where machines go: another address of the same customer."""

    _name = "service.equipment.move"
    _description = "Move Equipment to Another Site"

    equipment_ids = fields.Many2many("service.equipment", string="Machines", required=True)
    date = fields.Date(
        compute="_compute_date", store=True, readonly=False, required=True, precompute=True
    )
    partner_id = fields.Many2one("res.partner", string="Customer", compute="_compute_partner_id")
    site_id = fields.Many2one(
        "res.partner",
        string="New Site",
        required=True,
        domain="[('commercial_partner_id', '=', partner_id)]",
    )
    contact_id = fields.Many2one(
        "res.partner",
        domain="[('commercial_partner_id', '=', partner_id), ('is_company', '=', False)]",
        help="Whom to ask for there.",
    )
    part_count = fields.Integer(compute="_compute_part_count")

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        if self.env.context.get("active_model") == "service.equipment":
            values.setdefault(
                "equipment_ids", [Command.set(self.env.context.get("active_ids") or [])]
            )
        return values

    @api.depends("equipment_ids")
    def _compute_date(self):
        for wizard in self:
            wizard.date = wizard.date or wizard.equipment_ids[:1].agency_id._get_today()

    @api.depends("equipment_ids")
    def _compute_partner_id(self):
        for wizard in self:
            owners = wizard.equipment_ids.partner_id
            wizard.partner_id = owners if len(owners) == 1 else False

    @api.depends("equipment_ids")
    def _compute_part_count(self):
        for wizard in self:
            machines = wizard.equipment_ids
            wizard.part_count = len(machines._with_parts() - machines)

    def action_confirm(self):
        """Bring the machines to the new site on the day given."""
        self.ensure_one()
        if not self.partner_id:
            raise UserError(
                self.env._(
                    "These machines belong to several customers (%s): move those of one customer "
                    "at a time.",
                    ", ".join(self.equipment_ids.partner_id.mapped("display_name")),
                )
            )
        contact = self.contact_id or None
        return self.equipment_ids._move_to(self.site_id, self.date, contact)._get_records_action()
