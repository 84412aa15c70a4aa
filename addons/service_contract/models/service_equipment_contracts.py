from odoo import api, fields, models

from .service_contract_terms import OFFICE


class ServiceEquipment(models.Model):
    """The contracts of a machine, one click away."""

    _inherit = "service.equipment"

    contract_count = fields.Integer(
        string="Contracts",
        compute="_compute_contract_count",
        groups=f"{OFFICE},installed_base.group_service_technician",
        help="Contracts that name this machine.",
    )

    @api.depends("contract_coverage_ids.contract_id")
    def _compute_contract_count(self):
        counts = dict(
            self.env["service.contract.coverage"]._read_group(
                [("equipment_id", "in", self._origin.ids), ("contract_id", "!=", False)],
                ["equipment_id"],
                ["contract_id:count_distinct"],
            )
        )
        for equipment in self:
            equipment.contract_count = counts.get(equipment._origin, 0)

    def action_view_contracts(self):
        """Open the contracts that name these machines."""
        return self.contract_coverage_ids.contract_id._get_records_action(
            name=self.env._("Contracts")
        )

    def action_examine_coverage(self):
        """Open the examination: every contract of the customer, and what can be done."""
        self.ensure_one()
        examination = self.env["service.coverage.examination"].create(
            {
                "partner_id": self.partner_id.id,
                "equipment_id": self.id,
                "site_id": self.site_id.id,
            }
        )
        return examination.action_examine()

    def _prepare_cover_item(self):
        """What the coverage engine is asked about this machine."""
        self.ensure_one()
        return {"equipment_id": self.id}

    def _get_cover_agency(self):
        """Where the day is that counts for this machine."""
        return self.agency_id
