from odoo import api, models


class ServiceCached(models.AbstractModel):
    """Records that every document asks for: answers about them are cached until one changes."""

    _name = "service.cached"
    _description = "Cached Records"

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        self.env.registry.clear_cache()
        return records

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result
