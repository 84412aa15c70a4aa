import json

from odoo import api, fields, models
from odoo.exceptions import ValidationError

SHAPES = ("Feature", "FeatureCollection", "GeometryCollection", "MultiPolygon", "Polygon")


class ServiceSector(models.Model):
    _inherit = "service.sector"

    boundary = fields.Text(
        help="The area as GeoJSON, to draw it on the map of the dispatch board: a polygon with "
        "longitude and latitude in degrees."
    )

    @api.constrains("boundary")
    def _check_boundary(self):
        for sector in self.filtered("boundary"):
            try:
                shape = json.loads(sector.boundary)
            except ValueError:
                shape = None
            if not isinstance(shape, dict) or shape.get("type") not in SHAPES:
                raise ValidationError(
                    self.env._(
                        "The boundary of %(sector)s is not GeoJSON: paste an object whose type is "
                        "one of %(shapes)s.",
                        sector=sector.name,
                        shapes=", ".join(SHAPES),
                    )
                )
