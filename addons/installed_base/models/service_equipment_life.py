from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

DATED_CHANGES = {"partner_id": "owner_since", "site_id": "site_since", "state": "state_since"}


class ServiceEquipment(models.Model):
    """The life of a machine: its state, and what forbids to delete it."""

    _inherit = "service.equipment"

    owner_since = fields.Date(
        string="Customer Since",
        copy=False,
        help="First day with this customer, since it changed hands. It dates the event in the "
        "history.",
    )
    site_since = fields.Date(
        string="At the Site Since",
        copy=False,
        help="First day at this site, since it was moved there.",
    )
    state_since = fields.Date(
        string="In This State Since", copy=False, help="First day in this state, since it changed."
    )
    retirement_date = fields.Date(
        compute="_compute_retirement_date",
        store=True,
        readonly=False,
        precompute=True,
        copy=False,
        help="Set when the machine is retired, cleared when it comes back.",
    )
    properties = fields.Properties(
        definition="product_categ_id.service_equipment_properties_definition", copy=True
    )

    @api.depends("state")
    def _compute_retirement_date(self):
        for equipment in self:
            retired = equipment.state == "retired"
            equipment.retirement_date = retired and (
                equipment.retirement_date or equipment.agency_id._get_today()
            )

    @api.constrains("retirement_date", "delivery_date")
    def _check_retirement_date(self):
        for equipment in self:
            retired, delivered = equipment.retirement_date, equipment.delivery_date
            if retired and delivered and retired < delivered:
                raise ValidationError(
                    self.env._(
                        "%(equipment)s would be retired on %(retired)s, before its delivery on "
                        "%(delivered)s: correct one of the dates.",
                        equipment=equipment.display_name,
                        retired=retired,
                        delivered=delivered,
                    )
                )

    @api.constrains("supplier_warranty_start", "supplier_warranty_end")
    def _check_supplier_warranty(self):
        for equipment in self:
            start, end = equipment.supplier_warranty_start, equipment.supplier_warranty_end
            if start and end and end < start:
                raise ValidationError(
                    self.env._(
                        "The supplier warranty of %(equipment)s would end on %(end)s, before it "
                        "starts on %(start)s: correct one of the dates.",
                        equipment=equipment.display_name,
                        end=end,
                        start=start,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Values of properties are read by the definition, before the category is computed."""
        products = self.env["product.product"].browse(
            {vals["product_id"] for vals in vals_list if vals.get("product_id")}
        )
        category_by_product = {product.id: product.categ_id.id for product in products}
        return super().create(
            [
                {**vals, "product_categ_id": category_by_product.get(vals.get("product_id"))}
                for vals in vals_list
            ]
        )

    def write(self, vals):
        if "state" in vals:
            self._check_transition(vals["state"])
        if not DATED_CHANGES.keys() & vals.keys():
            return super().write(vals)
        groups = self.grouped(lambda m: (m._get_dated_changes(vals), m.agency_id._get_today()))
        for (changes, today), machines in groups.items():
            dates = {DATED_CHANGES[name]: today for name in changes}
            super(ServiceEquipment, machines).write({**dates, **vals})
        return True

    def _get_dated_changes(self, vals):
        """The fields of DATED_CHANGES that these values would change."""
        self.ensure_one()
        return frozenset(
            name
            for name in DATED_CHANGES.keys() & vals.keys()
            if (self._fields[name].convert_to_write(self[name], self) or False)
            != (vals[name] or False)
        )

    def _check_transition(self, state):
        """Refuse the changes of state that make no sense."""
        may_revive = self.env.su or self.env.user.has_group("installed_base.group_service_manager")
        labels = dict(self._fields["state"]._description_selection(self.env))
        for equipment in self.filtered(lambda machine: machine.state != state):
            if state == "draft":
                raise UserError(
                    self.env._(
                        "%(equipment)s is « %(state)s » and cannot become a draft again: archive "
                        "it if it was entered by mistake.",
                        equipment=equipment.display_name,
                        state=labels[equipment.state],
                    )
                )
            if equipment.state == "retired" and not may_revive:
                raise UserError(
                    self.env._(
                        "%(equipment)s was retired on %(date)s: only a manager can bring it back.",
                        equipment=equipment.display_name,
                        date=equipment.retirement_date,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_known(self):
        """A machine that anything hangs on is archived, not deleted."""
        for equipment in self.sudo().with_context(active_test=False):
            reasons = [
                self.env._(
                    "%(label)s (%(count)s)",
                    label=self._fields[name]._description_string(self.env),
                    count=len(equipment[name]),
                )
                for name in self._get_history_fields()
                if equipment[name]
            ]
            if reasons:
                raise UserError(
                    self.env._(
                        "The equipment %(equipment)s cannot be deleted, because it carries its "
                        "history: %(reasons)s. Archive it instead.",
                        equipment=equipment.display_name,
                        reasons=", ".join(reasons),
                    )
                )

    @api.model
    def _get_history_fields(self):
        """Names of the relations that forbid to delete a machine as soon as they are filled.

        The refusal names them by their label. An addon adds those of its own documents.
        """
        return ["move_line_ids", "delivery_move_line_id", "merged_from_ids", "event_ids"]
