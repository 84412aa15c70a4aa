from odoo import fields, models


class ServiceEquipmentTag(models.Model):
    _name = "service.equipment.tag"
    _description = "Equipment Tag"
    _order = "name"

    name = fields.Char(required=True, translate=True)
    color = fields.Integer(string="Colour")

    _name_uniq = models.Constraint("unique(name)", "A tag with this name already exists.")
