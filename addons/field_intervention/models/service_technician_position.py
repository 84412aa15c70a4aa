from odoo import api, fields, models
from odoo.tools import SQL


class ServiceTechnicianPosition(models.Model):
    """Where a technician was at a step of the work; kept for some days only."""

    _name = "service.technician.position"
    _description = "Position of a Technician"
    _order = "date desc, id desc"
    _rec_name = "employee_id"

    employee_id = fields.Many2one("hr.employee", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="employee_id.company_id", store=True, index=True)
    intervention_id = fields.Many2one(
        "service.intervention", index="btree_not_null", ondelete="cascade"
    )
    step = fields.Char(required=True)
    date = fields.Datetime(required=True, index=True)
    latitude = fields.Float(digits=(10, 7), aggregator=None)
    longitude = fields.Float(digits=(10, 7), aggregator=None)
    accuracy = fields.Float(string="Accuracy (m)", aggregator=None)

    _on_earth = models.Constraint(
        "CHECK (latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180)",
        "A latitude lies between -90 and 90 degrees, a longitude between -180 and 180.",
    )
    _last = models.Index("(employee_id, date DESC)")

    @api.model
    def _get_last(self, employees):
        """``{employee id: [latitude, longitude, Datetime]}`` of those whose position is known."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (employee_id) employee_id, latitude, longitude, date
                  FROM service_technician_position
                 WHERE employee_id = ANY(%s)
              ORDER BY employee_id, date DESC
                """,
                employees.ids,
            )
        )
        return {employee: [*where] for employee, *where in rows}

    @api.autovacuum
    def _gc_old_positions(self):
        self.env.flush_all()
        old = self.env.execute_query(
            SQL(
                """
                SELECT position.id
                  FROM service_technician_position position
                  JOIN res_company company ON company.id = position.company_id
                 WHERE position.date < %s - company.service_position_days * INTERVAL '1 day'
                """,
                fields.Datetime.now(),
            )
        )
        self.sudo().browse(id_ for (id_,) in old).unlink()
