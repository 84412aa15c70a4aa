from odoo import api, models


class ServiceNumbered(models.AbstractModel):
    """Records that the sequence of their model numbers; those of a batch are drawn at once."""

    _name = "service.numbered"
    _description = "Numbered by a Sequence"

    _number_field = "name"

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [dict(vals) for vals in vals_list]
        field, new = self._number_field, self.env._("New")
        by_company = {}
        for vals in vals_list:
            if vals.get(field, new) == new:
                company = vals.get("company_id") or self.env.company.id
                by_company.setdefault(company, []).append(vals)
        for company_id, batch in by_company.items():
            self._add_numbers(self.env["res.company"].browse(company_id), batch)
        return super().create(vals_list)

    @api.model
    def _add_numbers(self, company, vals_list):
        """Put the next numbers of a company into the values of new records."""
        numbers = self.env["ir.sequence"]._next_batch(self._name, company, len(vals_list))
        for vals, number in zip(vals_list, numbers, strict=True):
            vals[self._number_field] = number
