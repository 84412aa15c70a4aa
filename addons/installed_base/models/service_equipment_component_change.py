from odoo import api, fields, models
from odoo.exceptions import UserError


class ServiceEquipmentComponent(models.Model):
    """How the configuration changes, and what the history says about it."""

    _inherit = "service.equipment.component"

    @api.model_create_multi
    def create(self, vals_list):
        components = super().create(vals_list)
        added = components.filtered(
            lambda part: part.state == "installed" and not part.as_sold and not part.replaced_ids
        )
        added._log_change("component_added", new=True, source=True)
        return components

    def write(self, vals):
        if not self.env.su:
            self._check_history_kept(vals)
        state = vals.get("state")
        changing = self.filtered(lambda part: state and part.state != state)
        identity = {"product_id", "lot_id", "serial_number", "quantity"} & set(vals)
        before = {part: part._describe() for part in self} if identity else {}
        result = super().write(vals)
        if state == "removed":
            gone = changing.filtered(lambda part: not part.replaced_by_id)
            gone._log_change("component_removed", old=True, source="res_id" in vals)
        else:
            changing._log_change("component_added", new=True)
        self._log_identity(before)
        return result

    def _check_history_kept(self, vals):
        """Refuse that a part as sold is denied, or goes to another machine without a trace."""
        for part in self:
            if part.as_sold and not vals.get("as_sold", True):
                raise UserError(
                    self.env._(
                        "%(part)s was in %(machine)s when it was sold: mark it as removed if it is "
                        "there no more.",
                        part=part.display_name,
                        machine=part.equipment_id.display_name,
                    )
                )
            if vals.get("equipment_id", part.equipment_id.id) != part.equipment_id.id:
                raise UserError(
                    self.env._(
                        "%(part)s is in %(machine)s: remove it there, and add it to the other "
                        "machine.",
                        part=part.display_name,
                        machine=part.equipment_id.display_name,
                    )
                )

    def _describe(self):
        """The part with its quantity, where there are several."""
        self.ensure_one()
        if self.product_id.uom_id.compare(self.quantity, 1) == 0:
            return self._get_logged_name()
        return f"{self.quantity:g} × {self._get_logged_name()}"

    def _get_logged_name(self):
        """The part in the language of its company, as the names of machines are: a history is read
        by others than who writes it."""
        self.ensure_one()
        lang = self.equipment_id.company_id.partner_id.lang
        return self.with_context(lang=lang or self.env.lang).display_name

    @api.ondelete(at_uninstall=False)
    def _unlink_log_removal(self):
        installed = self.filtered(lambda part: part.state == "installed")
        installed._log_change("component_removed", old=True)

    def action_replace_component(self):
        """Ask which part takes the place of this one."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "installed_base.service_equipment_component_replace_action"
        )
        return {**action, "context": {"default_component_id": self.id}}

    def action_remove(self):
        """Take installed components out, with the parts inside them, as of today."""
        self._check_installed()
        self._remove()

    def _remove(self, date=False):
        """Take these components out of their machines, with the parts that sit in them.

        :param date: day of the removal (default: today)
        :return: all the components that were removed
        """
        parts = self.search([("id", "child_of", self.ids), ("state", "=", "installed")])
        values = {"removal_date": date} if date else {}
        parts.write({**values, "state": "removed"})
        return parts

    def _replace(self, product, lot=False, date=False, source=False, serial_number=False):
        """Close this component and install another one in its place.

        The parts that sit in it are taken over by the new one.

        :param product: the product.product that is installed
        :param lot: its stock.lot, required when the product is tracked by serial number
        :param date: day of the replacement (default: today)
        :param source: the record that caused it, linked from the history
        :param serial_number: number on a part that the stock does not track
        :return: the new component
        :raise UserError: when the component is removed already, the serial number is missing, or
            the day is before that on which the component was installed
        """
        self.ensure_one()
        date = fields.Date.to_date(date) or self.equipment_id.agency_id._get_today()
        self._check_installed()
        self._check_replacement(product, lot, date)
        old_name = self._get_logged_name()
        values = self._prepare_successor_values(product, lot, date)
        if serial_number and not lot:
            values["serial_number"] = serial_number
        successor = self.create([values])
        self.write({"state": "removed", "removal_date": date})
        self.child_ids.filtered(lambda part: part.state == "installed").parent_id = successor
        self.equipment_id._log_event(
            "component_replaced",
            date=self.env["service.equipment.event"]._at(date),
            description=self.position,
            old_value=old_name,
            new_value=successor._get_logged_name(),
            res_model=source._name if source else False,
            res_id=source.id if source else False,
        )
        return successor

    def _correct_number(self, number):
        """Note the number that was found on this part, when the installed base says otherwise."""
        self.ensure_one()
        if not number or number == self.serial_number:
            return
        if self.product_id.tracking == "none":
            self.serial_number = number
        else:
            self.lot_id = self.env["stock.lot"]._note_numbers(self.product_id, [number])

    def _prepare_successor_values(self, product, lot, date):
        """Values of the component that takes the place of this one."""
        self.ensure_one()
        return {
            "equipment_id": self.equipment_id.id,
            "parent_id": self.parent_id.id,
            "product_id": product.id,
            "lot_id": lot.id if lot else False,
            "quantity": self.quantity,
            "position": self.position,
            "install_date": date,
            "replaced_ids": [fields.Command.link(self.id)],
            **self._prepare_supplier_warranty(product, lot, date),
        }

    def _prepare_supplier_warranty(self, product, lot, date):
        """Who supplied a part, and until when; from its receipt if there is one."""
        lot_sudo = (lot or self.env["stock.lot"]).sudo()
        receipts = lot_sudo._find_purchase_receipts(self.company_id)
        receipt = receipts.get((self.company_id, lot_sudo), self.env["stock.move"])
        supplier = receipt.purchase_line_id.order_id.partner_id
        warranty = product._prepare_supplier_warranty(
            receipt._get_equipment_date() if receipt else date
        )
        return {
            "supplier_id": (supplier or product._get_usual_supplier(self.company_id)).id,
            "supplier_warranty_end": warranty.get("supplier_warranty_end"),
        }

    def _find_replacement_parts(self, date):
        """What to install in the place of these components on a day.

        :return: ``{component: product.product}``, the best part first: what supersedes it by the
            service BOM of the machine, the part itself, then what is interchangeable
        """
        found = {}
        for company, components in self.grouped("company_id").items():
            templates = components.equipment_id.product_id.product_tmpl_id
            boms = self.env["service.bom"]._find(templates, company)
            for component in components:
                bom = boms.get(component.equipment_id.product_id.product_tmpl_id)
                lines = component._match_bom_lines(bom) if bom else ()
                parts = component.product_id.browse()
                for line in lines:
                    parts |= line._get_replacement_parts(date)
                found[component] = parts or component.product_id
        return found

    def _match_bom_lines(self, bom):
        """The lines of a service BOM about this part; those of its position if there are any."""
        self.ensure_one()
        lines = bom.line_ids.filtered(
            lambda line: self.product_id in line.product_id | line.substitute_ids.product_id
        )
        return lines.filtered(lambda line: line.position == self.position) or lines

    def _check_installed(self):
        for component in self:
            if component.state == "removed":
                raise UserError(
                    self.env._(
                        "The component %(component)s of %(equipment)s has already been removed: "
                        "choose the one that is installed.",
                        component=component.display_name,
                        equipment=component.equipment_id.display_name,
                    )
                )

    def _check_replacement(self, product, lot, date):
        if product.tracking == "serial" and not lot:
            raise UserError(
                self.env._(
                    "%(product)s is tracked by serial number: give the serial number of the part "
                    "installed in %(equipment)s.",
                    product=product.display_name,
                    equipment=self.equipment_id.display_name,
                )
            )
        if lot and lot.product_id != product:
            raise UserError(
                self.env._(
                    "The number %(lot)s is one of %(other)s, not of %(product)s: correct one of "
                    "them.",
                    lot=lot.name,
                    other=lot.product_id.display_name,
                    product=product.display_name,
                )
            )
        if date > self.equipment_id.agency_id._get_today():
            raise UserError(
                self.env._(
                    "%(date)s is in the future: record the replacement of %(component)s on the day "
                    "it happens.",
                    date=date,
                    component=self.display_name,
                )
            )
        if self.install_date and date < self.install_date:
            raise UserError(
                self.env._(
                    "%(component)s was installed in %(equipment)s on %(installed)s: it cannot be "
                    "replaced before, on %(date)s.",
                    component=self.display_name,
                    equipment=self.equipment_id.display_name,
                    installed=self.install_date,
                    date=date,
                )
            )

    def _log_change(self, event_type, old=False, new=False, source=False):
        """Write to the history of the machines that these components came or went.

        :param source: whether the document on the component is the one that caused it
        """
        event_model = self.env["service.equipment.event"]
        event_model.sudo().create(
            [
                {
                    "equipment_id": part.equipment_id.id,
                    "event_type": event_type,
                    "date": event_model._at(part.removal_date if old else part.install_date),
                    "description": part.position,
                    "old_value": old and part._get_logged_name(),
                    "new_value": new and part._get_logged_name(),
                    "res_model": source and part.res_model,
                    "res_id": source and part.res_id,
                }
                for part in self
            ]
        )

    def _log_identity(self, before):
        """Write to the history which components turned out to be other ones than ``before``."""
        self.env["service.equipment.event"].sudo().create(
            [
                {
                    "equipment_id": part.equipment_id.id,
                    "event_type": "modified",
                    "description": part.position,
                    "old_value": description,
                    "new_value": part._describe(),
                }
                for part, description in before.items()
                if part._describe() != description
            ]
        )
