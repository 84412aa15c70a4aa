from odoo import api, fields, models
from odoo.tools import SQL


class ServiceFieldHandout(models.Model):
    """An intervention that a technician took along: what is done on it is taken back even when it
    was given to somebody else meanwhile."""

    _name = "service.field.handout"
    _description = "Intervention on a Device"
    _order = "id desc"
    _rec_name = "intervention_id"

    intervention_id = fields.Many2one(
        "service.intervention", required=True, index=True, ondelete="cascade"
    )
    user_id = fields.Many2one("res.users", string="Technician", required=True, index=True)

    _once = models.Constraint(
        "unique(user_id, intervention_id)", "This technician took this intervention along already."
    )

    @api.model
    def _hand_out(self, interventions):
        """Remember that the current user takes these interventions along."""
        if interventions:
            self.env.execute_query(
                SQL(
                    """
                    INSERT INTO service_field_handout
                                (intervention_id, user_id, create_uid, create_date)
                         SELECT id, %(user)s, %(user)s, %(now)s
                           FROM unnest(%(ids)s::int[]) AS intervention (id)
                          WHERE NOT EXISTS (
                                SELECT FROM service_field_handout known
                                 WHERE known.user_id = %(user)s
                                   AND known.intervention_id = intervention.id)
                    ON CONFLICT DO NOTHING
                      RETURNING id
                    """,
                    ids=interventions.ids,
                    user=self.env.uid,
                    now=fields.Datetime.now(),
                )
            )

    @api.model
    def _find(self, uuid):
        """The intervention (sudoed) of this uuid, if the current user took it along."""
        handout_sudo = self.sudo().search(
            [("user_id", "=", self.env.uid), ("intervention_id.uuid", "=", uuid)], limit=1
        )
        return handout_sudo.intervention_id
