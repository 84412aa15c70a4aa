from odoo import fields, models


class ServiceConsumption(models.Model):
    """Labour that a clock measured."""

    _inherit = "service.consumption"

    time_log_id = fields.Many2one(
        "service.time.log",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The time log that this labour comes from.",
    )
