from odoo import models

CHANNEL = "service_dispatch"


class IrWebsocket(models.AbstractModel):
    _inherit = "ir.websocket"

    def _build_bus_channel_list(self, channels):
        """Let the office listen to the agencies that it may see, and to no other one."""
        wanted = [channel for channel in channels if channel != CHANNEL]
        if len(wanted) < len(channels):
            wanted += self.env["service.agency"]._get_listened()
        return super()._build_bus_channel_list(wanted)
