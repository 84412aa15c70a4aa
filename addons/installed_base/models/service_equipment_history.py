from odoo import models

EVENTS = {
    "partner_id": ("owner_changed", "owner_since"),
    "site_id": ("moved", "site_since"),
    "state": ("state_changed", "state_since"),
}


class ServiceEquipment(models.Model):
    """What happened to a machine is written to its history."""

    _inherit = "service.equipment"

    def write(self, vals):
        watched = EVENTS.keys() & vals.keys()
        before = {e: e._watched_values() for e in self} if watched else {}
        result = super().write(vals)
        if watched:
            self._log_changes(before)
        return result

    def _log_event(self, event_type, description=False, **values):
        """Append one event to the history of each equipment.

        :param event_type: a value of ``service.equipment.event.event_type``
        :param description: the sentence to show
        :param values: further values of the event (date, old_value, new_value, res_model, res_id)
        :return: the new ``service.equipment.event`` records
        """
        return (
            self.env["service.equipment.event"]
            .sudo()
            .create(
                [
                    {
                        "equipment_id": equipment.id,
                        "event_type": event_type,
                        "description": description,
                        **values,
                    }
                    for equipment in self
                ]
            )
        )

    def _watched_values(self):
        self.ensure_one()
        return {name: self[name] for name in EVENTS}

    def _log_changes(self, before):
        """Write to the history what changed since ``before`` (see :meth:`_watched_values`)."""
        event_model = self.env["service.equipment.event"].sudo()
        labels = dict(self._fields["state"]._description_selection(self.env))

        def text(value):
            return labels.get(value) if isinstance(value, str) else value.display_name

        values = [
            {
                "equipment_id": equipment.id,
                "event_type": event_type,
                "date": event_model._at(
                    field == "state" and equipment.retirement_date or equipment[since]
                ),
                "old_value": text(before[equipment][field]),
                "new_value": text(equipment[field]),
            }
            for equipment in self
            for field, (event_type, since) in EVENTS.items()
            if before[equipment][field] != equipment[field]
        ]
        event_model.create(values)
