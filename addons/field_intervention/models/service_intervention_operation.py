from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import formatLang

COPIED = (
    "name",
    "sequence",
    "kind",
    "instruction",
    "planned_hours",
    "is_mandatory",
    "unit",
    "value_min",
    "value_max",
)


class ServiceInterventionOperation(models.Model):
    """A step or a check of one intervention, with its result."""

    _name = "service.intervention.operation"
    _description = "Intervention Operation"
    _inherit = ["service.operation.mixin"]
    _order = "intervention_id, sequence, id"

    intervention_id = fields.Many2one(
        "service.intervention", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="intervention_id.company_id", store=True, precompute=True, index=True
    )
    template_id = fields.Many2one(
        "service.operation.template", index="btree_not_null", ondelete="set null"
    )
    equipment_id = fields.Many2one("service.equipment", string="Machine", index="btree_not_null")
    value = fields.Float(digits=(16, 3), string="Measured")
    done = fields.Boolean(compute="_compute_done", store=True, readonly=False, precompute=True)
    result = fields.Selection(
        [("ok", "OK"), ("not_ok", "Not OK"), ("na", "Not Applicable")],
        compute="_compute_result",
        store=True,
        readonly=False,
        precompute=True,
        help="Of a measured value: whether it lies within the limits.",
    )
    note = fields.Char(string="Remark")

    def write(self, vals):
        if "is_mandatory" in vals:
            changed = self.filtered(lambda o: o.is_mandatory != vals["is_mandatory"])
            changed._check_office()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_wanted(self):
        self.filtered(
            lambda operation: operation.is_mandatory or operation.template_id
        )._check_office()

    def _check_office(self):
        """Only the office decides what is to be done; a template that no longer fits does as well.

        :raise UserError: when somebody else leaves out what is wanted
        """
        office = self.env.su or self.env.user.has_group("installed_base.group_service_user")
        if self and not office:
            raise UserError(
                self.env._(
                    "The office wants « %(operation)s » to be done: mark it « Not Applicable » "
                    "and say why, instead of leaving it out.",
                    operation=self[0].name,
                )
            )

    @api.depends("result", "value")
    def _compute_done(self):
        for operation in self:
            operation.done = operation.done or bool(operation.result or operation.value)

    @api.depends("value", "done", "kind", "value_min", "value_max")
    def _compute_result(self):
        for operation in self:
            measured = operation.kind == "measure" and (operation.value or operation.done)
            if measured and operation.result != "na":
                operation.result = "ok" if operation._is_within_limits() else "not_ok"
            elif operation.done and not operation.result:
                operation.result = "ok"

    def _get_spoken_value(self):
        """The measured value with its unit, without noughts at its end."""
        self.ensure_one()
        decimals = len(f"{self.value:.3f}".rstrip("0").partition(".")[2])
        return f"{formatLang(self.env, self.value, digits=decimals)} {self.unit or ''}".strip()

    def _is_within_limits(self):
        self.ensure_one()
        low, high = self.value_min, self.value_max
        if not low and not high:
            return True
        return low <= self.value and (high <= low or self.value <= high)

    def _prepare_again(self):
        """Values of the same operation on another visit, still to be done."""
        self.ensure_one()
        return {
            "template_id": self.template_id.id,
            "equipment_id": self.equipment_id.id,
            **{name: self[name] for name in COPIED},
        }

    @api.model
    def _prepare_values(self, template, equipment):
        """Values of an operation out of its template, for one machine or for the whole visit."""
        return {
            "template_id": template.id,
            "equipment_id": equipment.id,
            **{name: template[name] for name in COPIED},
        }
