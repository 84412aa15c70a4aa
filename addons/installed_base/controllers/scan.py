from odoo import http
from odoo.http import request


class EquipmentScan(http.Controller):
    @http.route("/service/equipment/<int:equipment_id>", type="http", auth="user", readonly=True)
    def scan(self, equipment_id):
        """Where the QR code on a machine leads: to the machine, or to what it was merged into.

        The label sticks for years: it names this address, not one of the web client, whose
        addresses change with its versions. Whoever scans it logs in first.
        """
        equipment = request.env["service.equipment"].browse(equipment_id).sudo().exists()
        equipment_sudo = equipment.merged_into_id or equipment
        return request.redirect(f"/odoo/equipment/{equipment_sudo.id or equipment_id}")
