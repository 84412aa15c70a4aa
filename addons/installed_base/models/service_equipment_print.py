import base64

import qrcode

from odoo import fields, models

PLACE_EVENTS = {"delivered", "moved", "owner_changed", "returned", "loaned"}


class ServiceEquipment(models.Model):
    """What is printed about a machine."""

    _inherit = "service.equipment"

    scan_image = fields.Char(
        string="QR Code",
        compute="_compute_scan_image",
        help="Scan it from the screen to open the machine on the phone; the label has the same.",
    )

    def _compute_scan_image(self):
        for equipment in self:
            equipment.scan_image = equipment.id and equipment._get_scan_image()

    def _get_scan_url(self):
        """The address in the QR code of the label: short, and the same for as long as it sticks."""
        self.ensure_one()
        return f"{self.get_base_url()}/service/equipment/{self.id}"

    def _get_scan_image(self):
        """The QR code of :meth:`_get_scan_url`, with its quiet zone, as the source of an image.

        Drawn as SVG: sharp in any size, on any printer.
        """
        code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=4)
        code.add_data(self._get_scan_url())
        matrix = code.get_matrix()
        path = "".join(
            f"M{x} {y}h1v1h-1z"
            for y, row in enumerate(matrix)
            for x, is_dark in enumerate(row)
            if is_dark
        )
        size = len(matrix)
        svg = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" '
            f'width="{size}" height="{size}" shape-rendering="crispEdges">'
            f'<rect width="{size}" height="{size}" fill="#fff"/><path d="{path}"/></svg>'
        )
        return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()

    def _get_configuration_rows(self):
        """The parts as sold and as maintained, side by side, for the machine sheet.

        :return: list of ``(as sold, as maintained)``: two service.equipment.component of the same
            place, one of them empty where nothing was or nothing is
        """
        self.ensure_one()
        none = self.component_ids.browse()
        sold = self.component_ids.filtered("as_sold")
        rows = [(part, part.current_id) for part in sold]
        shown = self.env["service.equipment.component"].union(*(now for _then, now in rows))
        installed = self.component_ids.filtered(lambda part: part.state == "installed")
        rows += [(none, part) for part in installed - shown]
        return sorted(rows, key=lambda row: (row[0] or row[1]).tree_key or "")

    def _get_printed_events(self):
        """The history for the customer: where the machine was before is the former owners' affair.

        :return: service.equipment.event, without the places before the last change of owner
        """
        self.ensure_one()
        changes = self.event_ids.filtered(lambda event: event.event_type == "owner_changed")
        since = max(changes.mapped("date"), default=False)

        def brought_here(event):
            day = fields.Datetime.context_timestamp(self, event.date).date()
            return event.event_type == "delivered" and day == self.owner_since

        return self.event_ids.filtered(
            lambda event: (
                not since
                or event.event_type not in PLACE_EVENTS
                or event.date > since
                or brought_here(event)
            )
        )
