from odoo import api, models

from .res_partner_search import SITE_TYPES


class ServiceRequest(models.Model):
    """Where the problem is, and who calls: what the caller says, or what the machine tells."""

    _inherit = "service.request"

    @api.onchange("partner_id")
    def _onchange_partner_id(self):
        """Who is found by one of their sites has the problem there, and a person is who calls."""
        found = self.partner_id
        if not found.parent_id or found.is_company:
            return
        self.partner_id = found.commercial_partner_id
        if found.type in SITE_TYPES:
            self.site_id = found
        elif found.type == "contact":
            self.contact_id = found

    def onchange(self, values, field_names, fields_spec):
        """Say when a machine takes the request away from a site that was chosen by hand."""
        result = super().onchange(values, field_names, fields_spec)
        moved = result.get("value", {}).get("site_id")
        if moved and not {"equipment_id", "equipment_line_ids"}.isdisjoint(field_names):
            sites = self.env["res.partner"]
            new = sites.browse(moved["id"] if isinstance(moved, dict) else moved)
            old = sites.browse(values["site_id"]) if "site_id" in values else self.site_id
            if old._is_chosen_service_site(new):
                result.setdefault("warning", self._prepare_site_warning(old, new))
        return result

    def _prepare_site_warning(self, old, new):
        return {
            "type": "dialog",
            "title": self.env._("The machine stands elsewhere"),
            "message": self.env._(
                "The request was for the site %(old)s. The machine stands at %(new)s, which is now "
                "the site of the request: choose another machine, or the site again, if that is "
                "wrong.",
                old=old.display_name,
                new=new.display_name,
            ),
        }
