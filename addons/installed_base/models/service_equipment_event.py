from datetime import datetime, time

import pytz

from odoo import api, fields, models


class ServiceEquipmentEvent(models.Model):
    """One fact in the history of a machine. Append-only: nobody changes what happened."""

    _name = "service.equipment.event"
    _description = "Equipment Event"
    _inherit = ["service.append.only"]
    _order = "date desc, id desc"
    _rec_name = "event_type"

    equipment_id = fields.Many2one(
        "service.equipment", required=True, index=True, ondelete="cascade", readonly=True
    )
    company_id = fields.Many2one(
        related="equipment_id.company_id", store=True, precompute=True, index=True
    )
    date = fields.Datetime(required=True, default=fields.Datetime.now, readonly=True)
    event_type = fields.Selection(
        [
            ("delivered", "Delivered"),
            ("moved", "Moved"),
            ("owner_changed", "Owner Changed"),
            ("component_replaced", "Component Replaced"),
            ("component_added", "Component Added"),
            ("component_removed", "Component Removed"),
            ("meter_replaced", "Meter Replaced"),
            ("state_changed", "State Changed"),
            ("warranty_extended", "Warranty Extended"),
            ("upgraded", "Upgraded"),
            ("modified", "Modified"),
            ("verified", "Verified"),
            ("returned", "Returned"),
            ("loaned", "Loaned"),
            ("merged", "Merged"),
        ],
        required=True,
        readonly=True,
    )
    description = fields.Char(readonly=True)
    user_id = fields.Many2one(
        "res.users", required=True, default=lambda self: self.env.uid, readonly=True
    )
    res_model = fields.Char(string="Source Model", readonly=True)
    res_id = fields.Many2oneReference(
        string="Source Document", model_field="res_model", readonly=True
    )
    old_value = fields.Char(readonly=True)
    new_value = fields.Char(readonly=True)

    _date_idx = models.Index("(date DESC, id DESC)")

    @api.model
    def _at(self, date):
        """When something happened of which only the day is known: now if today, else at noon.

        :param date: a day, or False for today
        :return: naive UTC datetime
        """
        if not date or date == fields.Date.context_today(self):
            return fields.Datetime.now()
        noon = self.env.tz.localize(datetime.combine(date, time(12)))
        return noon.astimezone(pytz.utc).replace(tzinfo=None)
