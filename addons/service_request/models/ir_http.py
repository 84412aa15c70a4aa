from odoo import api, models


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @api.model
    def lazy_session_info(self):
        info = super().lazy_session_info()
        logs = self.env["service.time.log"]
        if logs.has_access("read"):
            info["service_clock"] = {"running": logs.get_running()}
        return info
