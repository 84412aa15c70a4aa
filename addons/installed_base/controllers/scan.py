from odoo import http
from odoo.http import request


class EquipmentScan(http.Controller):
    @http.route("/service/equipment/<int:equipment_id>", type="http", auth="user", readonly=True)
    def scan(self, equipment_id):
        """Where the QR code on a machine leads: to the machine, or to what it was merged into.

        The label sticks for years: it names this address, not one of the web client, whose
        addresses change with its versions. Whoever scans it logs in first.
        """
        equipment_sudo = request.env["service.equipment"].sudo().browse(equipment_id).exists()
        survivor_id = equipment_sudo.merged_into_id.id or equipment_id
        return request.redirect(f"/odoo/equipment/{survivor_id}")
