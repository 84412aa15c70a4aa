from odoo import api, fields, models

STATES = [
    ("draft", "Draft"),
    ("in_service", "In Service"),
    ("in_repair", "In Repair"),
    ("on_loan", "On Loan"),
    ("returned", "Returned"),
    ("retired", "Retired"),
]


class ServiceEquipment(models.Model):
    """One machine, or a counted lot of identical ones, at a customer (X3: parc client)."""

    _name = "service.equipment"
    _description = "Equipment"
    _inherit = ["service.numbered", "mail.thread", "mail.activity.mixin", "image.mixin"]
    _number_field = "code"
    _check_company_auto = True
    _order = "id desc"
    _rec_name = "code"
    _rec_names_search = ["code", "serial_number", "product_id", "partner_id", "site_id.zip"]

    # What it is
    code = fields.Char(
        required=True,
        readonly=True,
        copy=False,
        index="trigram",
        default=lambda self: self.env._("New"),
    )
    name = fields.Char(
        compute="_compute_name", store=True, readonly=False, precompute=True, tracking=True
    )
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    product_id = fields.Many2one(
        "product.product", required=True, index=True, check_company=True, tracking=True
    )
    product_categ_id = fields.Many2one(
        related="product_id.categ_id",
        string="Product Category",
        store=True,
        precompute=True,
        index=True,
    )
    lot_id = fields.Many2one(
        "stock.lot",
        string="Lot/Serial Number",
        copy=False,
        index="btree_not_null",
        check_company=True,
        domain="[('product_id', '=', product_id)]",
        ondelete="restrict",
    )
    serial_number = fields.Char(
        compute="_compute_serial_number",
        store=True,
        readonly=False,
        precompute=True,
        copy=False,
        index="trigram",
        help="From the lot; typed for a machine that we did not sell.",
    )
    tracking = fields.Selection(related="product_id.tracking")
    quantity = fields.Float(digits="Product Unit", default=1.0, required=True)
    version = fields.Char(help="Hardware or software level.")
    tag_ids = fields.Many2many("service.equipment.tag", string="Tags")
    note = fields.Html()

    # Where it is
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        index=True,
        check_company=True,
        tracking=True,
    )
    site_id = fields.Many2one(
        "res.partner",
        index=True,
        check_company=True,
        tracking=True,
        ondelete="restrict",
        domain="[('commercial_partner_id', '=', partner_id)]",
        help="The address where the machine stands.",
    )
    contact_id = fields.Many2one(
        "res.partner",
        index="btree_not_null",
        check_company=True,
        domain="[('commercial_partner_id', '=', partner_id), ('is_company', '=', False)]",
    )
    sector_id = fields.Many2one(related="site_id.service_sector_id", store=True, index=True)
    agency_id = fields.Many2one(
        "service.agency",
        compute="_compute_agency_id",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
        check_company=True,
    )
    parent_id = fields.Many2one(
        "service.equipment",
        string="Part of System",
        index="btree_not_null",
        check_company=True,
        domain="[('partner_id', '=', partner_id)]",
    )
    child_ids = fields.One2many("service.equipment", "parent_id", string="Machines")

    # Its life
    state = fields.Selection(
        STATES,
        compute="_compute_state",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        copy=False,
        index=True,
        tracking=True,
        help="New machines are in service when delivered, drafts when typed without a site.",
    )
    certainty = fields.Selection(
        [("as_sold", "As Sold"), ("reported", "Reported"), ("verified", "Verified")],
        required=True,
        default="reported",
        tracking=True,
        help="How sure we are: delivered by us, told by somebody, or seen by a technician.",
    )
    delivery_date = fields.Date(copy=False)
    installation_date = fields.Date(copy=False)
    commissioning_date = fields.Date(copy=False, tracking=True)
    sale_line_id = fields.Many2one(
        "sale.order.line",
        string="Sales Order Line",
        index="btree_not_null",
        copy=False,
        readonly=True,
    )
    delivery_move_line_id = fields.Many2one(
        "stock.move.line", string="Delivery", index="btree_not_null", copy=False, readonly=True
    )

    move_line_ids = fields.One2many(
        "stock.move.line",
        "service_equipment_id",
        string="Deliveries and Returns",
        groups="stock.group_stock_user",
    )

    # Where it comes from
    currency_id = fields.Many2one(related="company_id.currency_id")
    purchase_price = fields.Monetary(groups="installed_base.group_service_user")
    sale_price = fields.Monetary(string="Sales Price", groups="installed_base.group_service_user")
    supplier_id = fields.Many2one("res.partner", index="btree_not_null")
    supplier_warranty_start = fields.Date()
    supplier_warranty_end = fields.Date()

    component_ids = fields.One2many(
        "service.equipment.component", "equipment_id", string="Components"
    )
    as_sold_component_ids = fields.One2many(
        "service.equipment.component",
        "equipment_id",
        string="As Sold",
        domain=[("as_sold", "=", True)],
    )
    installed_component_ids = fields.One2many(
        "service.equipment.component",
        "equipment_id",
        string="As Maintained",
        domain=[("state", "=", "installed")],
    )
    event_ids = fields.One2many("service.equipment.event", "equipment_id", string="History")

    _code_company_uniq = models.Constraint(
        "unique(company_id, code)", "Another machine of this company has this code."
    )
    _serial_idx = models.Index("(product_id, serial_number) WHERE serial_number IS NOT NULL")
    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)", "The quantity of a machine must be positive."
    )

    @api.depends("product_id")
    def _compute_name(self):
        for equipment in self:
            # the name is for the company's people, whoever delivered the machine
            lang = equipment.company_id.partner_id.lang
            equipment.name = equipment.product_id.with_context(lang=lang).name

    @api.depends(
        "site_id.service_agency_id",
        "partner_id.service_agency_id",
        "company_id",
        "delivery_move_line_id",
    )
    def _compute_agency_id(self):
        agencies = self.env["service.agency"]
        for equipment in self:
            delivery_sudo = equipment.delivery_move_line_id.sudo().picking_id
            equipment.agency_id = agencies._choose(
                equipment.site_id,
                equipment.partner_id,
                equipment.company_id,
                delivery_sudo.picking_type_id.warehouse_id,
            )

    @api.depends("site_id")
    def _compute_state(self):
        for equipment in self:
            if not equipment.state or equipment.state == "draft":
                equipment.state = "in_service" if equipment.site_id else "draft"

    @api.depends("code", "name", "serial_number")
    def _compute_display_name(self):
        for equipment in self:
            serial = f" ({equipment.serial_number})" if equipment.serial_number else ""
            equipment.display_name = f"{equipment.code} {equipment.name or ''}{serial}"

    @api.model_create_multi
    def create(self, vals_list):
        equipment = super().create(vals_list)
        equipment.filtered(lambda e: not e.component_ids)._add_bom_components()
        return equipment

    def action_view_sale_order(self):
        """Open the sale order that this machine was sold with."""
        return self.sale_line_id.order_id._get_records_action()

    def action_view_delivery(self):
        """Open the transfers that delivered this machine or took it back."""
        lines = self.move_line_ids | self.delivery_move_line_id
        return lines.picking_id._get_records_action()

    def _add_bom_components(self):
        """Give each machine the components of its product's service BOM."""
        values = []
        for company, machines in self.grouped("company_id").items():
            boms = self.env["service.bom"]._find(machines.product_id.product_tmpl_id, company)
            for machine in machines:
                lines = boms.get(machine.product_id.product_tmpl_id)
                values += [
                    {
                        "equipment_id": machine.id,
                        "product_id": line.product_id.id,
                        "quantity": line.quantity * machine.quantity,
                        "position": line.position,
                        "as_sold": True,
                        "install_date": machine.delivery_date,
                    }
                    for line in (lines.line_ids if lines else ())
                ]
        return self.env["service.equipment.component"].sudo().create(values)
