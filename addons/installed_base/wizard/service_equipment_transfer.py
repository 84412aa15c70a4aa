from odoo import api, fields, models


class ServiceEquipmentTransfer(models.TransientModel):
    """Asks who the new owner of machines is, and where they stand then."""

    _name = "service.equipment.transfer"
    _inherit = ["service.equipment.move"]
    _description = "Transfer Equipment to Another Customer"

    partner_id = fields.Many2one(
        string="New Customer", compute=None, required=True, domain="[('parent_id', '=', False)]"
    )
    site_id = fields.Many2one(
        compute="_compute_site_id",
        store=True,
        readonly=False,
        precompute=True,
        help="Where the machines stand at the new customer.",
    )
    contact_id = fields.Many2one(compute="_compute_contact_id", store=True, readonly=False)

    @api.depends("partner_id")
    def _compute_site_id(self):
        for wizard in self:
            if wizard.site_id.commercial_partner_id != wizard.partner_id:
                addresses = wizard.partner_id.address_get(["delivery"])
                wizard.site_id = addresses["delivery"] if wizard.partner_id else False

    @api.depends("partner_id")
    def _compute_contact_id(self):
        for wizard in self:
            if wizard.contact_id.commercial_partner_id != wizard.partner_id:
                wizard.contact_id = False

    def action_confirm(self):
        """Give the machines to the new customer on the day given."""
        self.ensure_one()
        machines = self.equipment_ids._transfer_to(
            self.partner_id, self.site_id, self.date, self.contact_id, answer=self
        )
        return machines._get_records_action()
