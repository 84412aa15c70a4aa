from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class ServiceEquipmentMerge(models.TransientModel):
    """Asks which of several records of one machine remains."""

    _name = "service.equipment.merge"
    _description = "Merge Equipment"

    equipment_ids = fields.Many2many(
        "service.equipment", string="Records of One Machine", required=True
    )
    survivor_id = fields.Many2one(
        "service.equipment",
        string="Keep",
        compute="_compute_survivor_id",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        domain="[('id', 'in', equipment_ids)]",
        help="The record that remains. Proposed: the delivered one, else the oldest.",
    )
    differences = fields.Text(
        compute="_compute_differences", help="What the records say differently about the machine."
    )
    has_other_serial = fields.Boolean(compute="_compute_differences")
    is_confirmed = fields.Boolean(
        string="It Is One Machine",
        help="Tick it after looking at the type plate: the records have different serial numbers "
        "or products.",
    )

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        if self.env.context.get("active_model") == "service.equipment":
            values.setdefault(
                "equipment_ids", [Command.set(self.env.context.get("active_ids") or [])]
            )
        return values

    @api.depends("equipment_ids")
    def _compute_survivor_id(self):
        for wizard in self:
            machines = wizard.equipment_ids
            wizard.survivor_id = machines.sorted(
                lambda machine: (not machine.active, not machine.delivery_date, machine._origin.id)
            )[:1]._origin

    @api.depends("equipment_ids")
    def _compute_differences(self):
        names = ("serial_number", "product_id", "partner_id", "site_id", "quantity")
        for wizard in self:
            machines = wizard.equipment_ids
            told = []
            differing = set()
            for name in names:
                values = {_text(machine[name]): None for machine in machines if machine[name]}
                if len(values) > 1:
                    differing.add(name)
                    label = machines._fields[name]._description_string(self.env)
                    told.append(f"{label}: {' ≠ '.join(values)}")
            wizard.differences = "\n".join(told)
            wizard.has_other_serial = bool({"serial_number", "product_id"} & differing)

    def action_merge(self):
        """Merge the records into the one that remains, and open it.

        :raise UserError: when there is nothing to merge, or serial numbers or products differ and
            nobody confirmed that it is one machine
        """
        self.ensure_one()
        if len(self.equipment_ids) < 2:
            raise UserError(self.env._("Choose at least two records of the same machine."))
        if self.survivor_id not in self.equipment_ids:
            raise UserError(
                self.env._(
                    "%s is none of the records to merge: keep one of them.",
                    self.survivor_id.display_name,
                )
            )
        if self.has_other_serial and not self.is_confirmed:
            raise UserError(
                self.env._(
                    "The records say different things: %(differences)s. Look at the type plate, "
                    "then confirm that it is one machine.",
                    differences=self.differences.replace("\n", "; "),
                )
            )
        (self.equipment_ids - self.survivor_id)._merge_into(self.survivor_id)
        return self.survivor_id._get_records_action()


def _text(value):
    return value.display_name if isinstance(value, models.BaseModel) else str(value)
