import json

from odoo import api, fields, models
from odoo.exceptions import ValidationError

# what each type of GeoJSON holds, and how deep its positions lie
PARTS = {"Feature": "geometry", "FeatureCollection": "features", "GeometryCollection": "geometries"}
DEPTH = {"Polygon": 2, "MultiPolygon": 3}


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
                is_area = _is_area(json.loads(sector.boundary))
            except ValueError:
                is_area = False
            if not is_area:
                raise ValidationError(
                    self.env._(
                        "The boundary of %(sector)s is not GeoJSON: paste an object whose type is "
                        "one of %(shapes)s, with its coordinates.",
                        sector=sector.name,
                        shapes=", ".join(sorted([*PARTS, *DEPTH])),
                    )
                )


def _is_area(shape):
    """Whether the map can draw something that was read as JSON."""
    if not isinstance(shape, dict):
        return False
    kind = shape.get("type")
    if kind in DEPTH:
        return _is_positions(shape.get("coordinates"), DEPTH[kind])
    parts = shape.get(PARTS.get(kind))
    if kind == "Feature":
        return _is_area(parts)
    return isinstance(parts, list) and bool(parts) and all(map(_is_area, parts))


def _is_positions(value, depth):
    """Whether it is lists of lists, so deep, of positions: longitude and latitude."""
    if not isinstance(value, list) or not value:
        return False
    if depth:
        return all(_is_positions(each, depth - 1) for each in value)
    return len(value) >= 2 and all(type(number) in (int, float) for number in value)
