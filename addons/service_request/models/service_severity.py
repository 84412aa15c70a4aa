from odoo import api, fields, models, tools


class ServiceSeverity(models.Model):
    """How bad it is for the customer (X3: table 428)."""

    _name = "service.severity"
    _description = "Severity"
    _inherit = ["service.cached"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    blocking = fields.Boolean(
        help="The customer cannot work: the commitments for blocking problems apply."
    )
    icon = fields.Char(help="Name of a Font Awesome icon, such as fa-fire.")
    color = fields.Integer(string="Colour")
    default = fields.Boolean(help="Severity of a new request.")

    _code_uniq = models.Constraint("unique(code)", "Another severity has this code.")
    _default_uniq = models.UniqueIndex(
        '("default") WHERE "default"', "Only one severity can be the default one."
    )

    @api.model
    def _get_default(self):
        """The severity of a new request."""
        return self.browse(self._get_default_id())

    @api.model
    @tools.ormcache()
    def _get_default_id(self):
        # every new request asks
        return self.sudo().search([("default", "=", True)], limit=1).id

    def _is_blocking(self):
        """Whether the commitments for blocking problems apply; not without a severity."""
        return self.id in self._get_blocking_ids()

    @api.model
    @tools.ormcache()
    def _get_blocking_ids(self):
        # every new request under contract asks
        severities = self.sudo().with_context(active_test=False)
        return frozenset(severities.search([("blocking", "=", True)]).ids)
