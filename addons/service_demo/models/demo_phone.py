from odoo import api, fields, models

FOLLOWED = ("hugo", "emma", "mathis")  # who allow that their position is noted


class ServiceDemo(models.AbstractModel):
    """What comes from the technicians' phones: the count of a van, and positions."""

    _inherit = "service.demo"

    @api.model
    def _use_phones(self):
        self._ref("company").service_track_position = True
        technicians = self._refs("employee", FOLLOWED)
        technicians.position_consent_date = self._at(self._day(-30), 8)
        self._model("service.technician.position").create(
            [self._prepare_seen(technician) for technician in technicians]
        )
        self._count_van(self._ref("employee_hugo"))

    def _prepare_seen(self, technician):
        """Where the last visit was; at the agency before the first one."""
        visit = self._model("service.intervention").search(
            [
                ("technician_id", "=", technician.id),
                ("arrival_date", "!=", False),
                ("address_id.partner_latitude", "!=", 0),
            ],
            order="arrival_date desc",
            limit=1,
        )
        place = visit.address_id or technician.home_partner_id
        return {
            "employee_id": technician.id,
            "intervention_id": visit.id,
            "step": "arrive",
            "date": visit.arrival_date or fields.Datetime.now(),
            "latitude": place.partner_latitude,
            "longitude": place.partner_longitude,
            "accuracy": 15,
        }

    def _count_van(self, technician):
        """Three kinds of parts counted; one is missing of the first."""
        quants = technician._get_van_quants()[:3]
        technician._count_van(
            [
                {
                    "product": quant.product_id,
                    "lot": quant.lot_id,
                    "location": quant.location_id,
                    "quantity": quant.quantity - (quant == quants[0]),
                }
                for quant in quants
            ]
        )
