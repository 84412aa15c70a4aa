from odoo import models
from odoo.exceptions import AccessError


class ServiceAppendOnly(models.AbstractModel):
    """Facts that nobody changes or deletes: only the superuser's code may, no user and no RPC."""

    _name = "service.append.only"
    _description = "Append-only Facts"

    def write(self, vals):
        self._refuse_change()
        return super().write(vals)

    def unlink(self):
        self._refuse_change()
        return super().unlink()

    def _refuse_change(self):
        if not self.env.su:
            raise AccessError(
                self.env._(
                    "%(facts)s: what happened cannot be changed or deleted. Add a new entry "
                    "instead.",
                    facts=self.env["ir.model"]._get(self._name).name,
                )
            )
