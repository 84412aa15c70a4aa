from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

SHORT = 3  # trigrams find nothing shorter inside a text, but the beginning of one


class ServiceEquipment(models.Model):
    _inherit = "service.equipment"

    @api.model
    def _search_display_name(self, operator, value):
        """Find machines by their numbers, product, customer, and name, city or zip of their site.

        Each kind of match uses its own index. An OR over several tables would read all machines.
        """
        if operator not in ("ilike", "like") or not (isinstance(value, str) and value.strip()):
            return super()._search_display_name(operator, value)
        machines = self.sudo().with_context(active_test=False)  # the search itself applies both
        matches = [machines._search(domain) for domain in self._get_search_domains(value.strip())]
        return Domain("id", "in", SQL("(%s)", SQL(" UNION ").join(q.select() for q in matches)))

    @api.model
    def _get_search_domains(self, text):
        """One domain for each way in which a machine may be meant by ``text``."""
        start = text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_") + "%"
        operator, pattern = ("=ilike", start) if len(text) < SHORT else ("ilike", text)

        def any_of(*fields):
            return Domain.OR(Domain(field, operator, pattern) for field in fields)

        def all_of(model):
            return self.env[model].sudo().with_context(active_test=False)

        products = all_of("product.product")
        named = products._search(
            Domain("product_tmpl_id", "in", all_of("product.template")._search(any_of("name")))
        )
        customers = all_of("res.partner")._search(any_of("complete_name"))
        sites = all_of("res.partner")._search(
            any_of("complete_name", "city") | Domain("zip", "=ilike", start)
        )
        return [
            any_of("code"),
            any_of("serial_number"),
            Domain("product_id", "in", named),
            Domain("product_id", "in", products._search(any_of("default_code"))),
            Domain("partner_id", "in", customers),
            Domain("site_id", "in", sites),
        ]
