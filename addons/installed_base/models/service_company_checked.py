from odoo import models


class ServiceCompanyChecked(models.AbstractModel):
    """Documents whose relations are mostly of their own company: only the others are examined.

    Odoo evaluates a domain for each relation of each document, which costs more than to compare.
    """

    _name = "service.company.checked"
    _description = "Checked for its Company"

    def _check_company(self, fnames=None):
        asked = self._fields if fnames is None or "company_id" in fnames else fnames
        names = {name for name in asked if getattr(self._fields[name], "check_company", False)}
        if fnames is None:
            names -= self._get_fitting_fields()
        doubtful = self.filtered(lambda document: document.sudo()._may_name_strangers(names))
        return super(ServiceCompanyChecked, doubtful)._check_company(names)

    def _may_name_strangers(self, names):
        """Whether a record in one of these fields may be of another company than this document."""
        self.ensure_one()
        own = self.company_id
        for name in names:
            others = self[name]
            if "company_id" not in others or (others.company_id or own) != own:
                return True
        return False

    def _get_fitting_fields(self):
        """Names of the fields that fit on all of these, as is known without reading them."""
        return set()
