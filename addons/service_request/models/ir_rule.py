from odoo import models
from odoo.exceptions import AccessError


class OtherAgencyError(AccessError):
    """Somebody opened a request of an agency that they do not work for."""


class IrRule(models.Model):
    _inherit = "ir.rule"

    def _make_access_error(self, operation, records):
        """Staff of an agency that follows a link is told whose request it is."""
        error = super()._make_access_error(operation, records)
        own = self.env.user._get_staff_agencies()
        if records._name != "service.request" or not own:
            return error
        foreign_sudo = records.sudo().filtered(
            lambda r: r.agency_id not in own and r.company_id in self.env.companies
        )[:1]
        if not foreign_sudo:
            return error
        return OtherAgencyError(
            self.env._(
                "%(request)s belongs to the agency %(agency)s: ask its staff, or have it "
                "transferred to yours.",
                request=foreign_sudo.name,
                agency=foreign_sudo.agency_id.name,
            )
        )
