from odoo import fields, models


class ServiceIndex(models.Model):
    """A published index that prices follow: cost of labour, consumer prices."""

    _name = "service.index"
    _description = "Price Index"
    _order = "name, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index="btree_not_null", help="Empty: for all companies."
    )
    value_ids = fields.One2many("service.index.value", "index_id", string="Values")

    def _get_value(self, date):
        """The value in force on a day: the last one published for it or before; 0 without any."""
        known = self.value_ids.filtered(lambda value: date and value.date <= date)
        return max(known, key=lambda value: value.date).value if known else 0.0
