from odoo import fields, models

CLOCK_PREFERENCES = [
    "service_auto_time_log",
    "service_clock_opens",
    "service_clock_action_id",
    "service_default_consumption_kind",
]


class ResUsers(models.Model):
    """How the clock of requests works for a person, and what they usually consume."""

    _inherit = "res.users"

    # X3: AUTHORCRE
    service_auto_time_log = fields.Boolean(
        string="Start the Clock on New Requests",
        help="Saving a new request starts your clock on it.",
    )
    # X3: « Préférences » of the clock
    service_clock_opens = fields.Selection(
        [
            ("nothing", "Nothing"),
            ("solutions", "Search Solutions"),
            ("equipment", "The Machine"),
            ("action", "An Action"),
        ],
        string="The Clock Opens",
        default="nothing",
        required=True,
        help="What starting your clock on a request opens.",
    )
    service_clock_action_id = fields.Many2one(
        "ir.actions.act_window",
        string="Action of the Clock",
        help="The screen that starting your clock opens, with the request as active record.",
    )
    # X3: DEFHDTTYP
    service_default_consumption_kind = fields.Selection(
        [("part", "Part"), ("labor", "Labour"), ("travel", "Travel")],
        string="Usual Consumption",
        default="part",
        required=True,
        help="The kind that a new line of consumption starts with.",
    )

    @property
    def SELF_READABLE_FIELDS(self):
        return super().SELF_READABLE_FIELDS + CLOCK_PREFERENCES

    @property
    def SELF_WRITEABLE_FIELDS(self):
        return super().SELF_WRITEABLE_FIELDS + CLOCK_PREFERENCES
