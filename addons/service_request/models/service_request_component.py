from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ServiceRequestComponent(models.Model):
    """A component of a request's machine that is out of order (X3: SREMACCPN).

    Its coverage drives its own consumptions only: a machine under warranty may have a wear part
    that is not.
    """

    _name = "service.request.component"
    _description = "Request Component"
    _inherit = ["service.coverage.mixin"]
    _check_company_auto = True
    _order = "equipment_line_id, id"
    _rec_name = "product_id"

    equipment_line_id = fields.Many2one(
        "service.request.equipment", string="Machine", required=True, index=True, ondelete="cascade"
    )
    request_id = fields.Many2one(related="equipment_line_id.request_id", store=True, index=True)
    company_id = fields.Many2one(related="equipment_line_id.company_id", store=True, index=True)
    equipment_id = fields.Many2one(related="equipment_line_id.equipment_id")
    component_id = fields.Many2one(
        "service.equipment.component",
        string="Installed Component",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('equipment_id', '=', equipment_id)]",
    )
    product_id = fields.Many2one(
        "product.product",
        compute="_compute_product_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
        check_company=True,
    )
    quantity = fields.Float(digits="Product Unit", default=1.0, required=True)
    consumption_ids = fields.One2many("service.consumption", "component_line_id")

    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)", "The quantity of a component must be positive."
    )

    @api.depends("component_id")
    def _compute_product_id(self):
        for line in self:
            line.product_id = line.component_id.product_id or line.product_id

    @api.constrains("component_id", "equipment_line_id")
    def _check_component(self):
        for line in self.filtered("component_id"):
            if line.component_id.equipment_id != line.equipment_line_id.equipment_id:
                raise ValidationError(
                    self.env._(
                        "%(component)s is not part of %(machine)s: choose one of its components, "
                        "or name a product only.",
                        component=line.component_id.display_name,
                        machine=line.equipment_line_id.display_name,
                    )
                )

    # ------------------------------------------------------------ coverage
    @api.depends("equipment_line_id.coverage_mode")
    def _compute_coverage_mode(self):
        result = super()._compute_coverage_mode()
        self.filtered(
            lambda line: line.equipment_line_id.coverage_mode == "manual"
        ).coverage_mode = "manual"
        return result

    @api.depends(
        "component_id",
        "product_id",
        "equipment_line_id.coverage",
        "equipment_line_id.coverage_manual",
        "equipment_line_id.coverage_contract_id",
        "equipment_line_id.competence_id",
    )
    def _compute_coverage(self):
        return super()._compute_coverage()

    def _get_request(self):
        return self.equipment_line_id.request_id

    def _get_choice(self):
        """What was decided for the request holds; then the component's own, then the machine's."""
        machine = self.equipment_line_id
        if machine.request_id.coverage_manual or not self.coverage_manual:
            return machine._get_choice()
        return super()._get_choice()

    def _prepare_coverage_item(self):
        item = self.equipment_line_id._prepare_coverage_item()
        if not item or not self.product_id:
            return {}
        return {
            **item,
            "component_id": self.component_id.id,
            "component_product_id": self.product_id.id,
        }
