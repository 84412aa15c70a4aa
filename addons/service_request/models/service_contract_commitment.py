from odoo import fields, models


class ServiceContractCommitment(models.Model):
    _inherit = "service.contract.commitment"

    severity_id = fields.Many2one(
        "service.severity",
        index="btree_not_null",
        help="Leave empty to promise the same for every severity of the same kind.",
    )
