from odoo import api, fields, models
from odoo.fields import Domain


class ServiceEquipment(models.Model):
    _inherit = "service.equipment"

    request_line_ids = fields.One2many(
        "service.request.equipment", "equipment_id", string="Requests"
    )
    open_request_count = fields.Integer(
        string="Open Requests", compute="_compute_open_request_count"
    )

    def _compute_open_request_count(self):
        counts = dict(
            self.env["service.request.equipment"]._read_group(
                [("equipment_id", "in", self.ids), ("request_id.state", "=", "open")],
                ["equipment_id"],
                ["__count"],
            )
        )
        for equipment in self:
            equipment.open_request_count = counts.get(equipment, 0)

    @api.depends("site_id.name", "site_id.complete_name")
    @api.depends_context("formatted_display_name", "service_request_customer_id")
    def _compute_display_name(self):
        """Who chooses the machine of a request sees in the list where each of them stands."""
        result = super()._compute_display_name()
        context = self.env.context
        if context.get("formatted_display_name") and "service_request_customer_id" in context:
            for equipment in self.filtered("site_id"):
                site = equipment.site_id.name or equipment.site_id.complete_name
                equipment.display_name += f" \t--{site}--"
        return result

    @api.model
    def _get_history_fields(self):
        return [*super()._get_history_fields(), "request_line_ids"]

    @api.model
    def _get_fields_frozen_by_merge(self):
        """What was decided about the coverage of a request stays, whichever record it names."""
        lines = self.env["service.request.equipment"]
        return [
            *super()._get_fields_frozen_by_merge(),
            *(field for field in lines._fields.values() if field.compute == "_compute_coverage"),
        ]

    @api.model
    def name_search(self, name="", domain=None, operator="ilike", limit=100):
        """For a request, propose the machines of its site, or else those of its customer.

        A text that neither of them answers finds the machine wherever it stands: who calls may not
        be its owner.
        """
        customer_id = self.env.context.get("service_request_customer_id")
        if not customer_id:
            return super().name_search(name, domain, operator, limit)
        places = [Domain("partner_id", "=", customer_id)]
        if site_id := self.env.context.get("service_request_site_id"):
            places.insert(0, places[0] & Domain("site_id", "=", site_id))
        if name:
            places.append(Domain.TRUE)
        found = []
        for place in places:
            near = Domain(domain or Domain.TRUE) & place
            found = found or super().name_search(name, near, operator, limit)
        return found

    def _get_known_parts(self):
        """The products that these machines have or may have: in their service BOMs, or installed.

        :return: product.product
        """
        # what a machine is made of is no secret to who works on it
        boms_sudo = self.env["service.bom"].sudo()
        for company, machines in self.grouped("company_id").items():
            found = boms_sudo._find(machines.product_id.product_tmpl_id, company)
            boms_sudo = boms_sudo.union(boms_sudo, *found.values())
        installed_sudo = self.component_ids.filtered(lambda part: part.state == "installed").sudo()
        return (boms_sudo.line_ids.product_id | installed_sudo.product_id).with_env(self.env)

    def action_view_requests(self):
        """Open all the requests about this machine."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "service_request.service_request_action"
        )
        return {
            **action,
            "domain": [("equipment_line_ids.equipment_id", "=", self.id)],
            "context": {"default_equipment_id": self.id},
        }

    def action_new_request(self):
        """Open an empty request about this machine."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Request"),
            "res_model": "service.request",
            "view_mode": "form",
            "context": {"default_equipment_id": self.id},
        }
