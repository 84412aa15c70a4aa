from odoo import api, fields, models


class ServiceContract(models.Model):
    """The machines of a contract."""

    _inherit = "service.contract"

    equipment_ids = fields.Many2many(
        "service.equipment",
        string="Machines",
        compute="_compute_equipment_ids",
        help="Machines that a coverage line of this contract names or, by product, category or "
        "customer, includes.",
    )
    equipment_count = fields.Integer(compute="_compute_equipment_ids")
    overlap_warning = fields.Text(compute="_compute_overlap_warning")

    @api.depends("coverage_ids.scope", "coverage_ids.equipment_id", "party_ids")
    def _compute_equipment_ids(self):
        covered = self.coverage_ids._find_equipment()
        for contract in self:
            contract.equipment_ids = covered.get(contract._origin.id, [])
            contract.equipment_count = len(contract.equipment_ids)

    @api.depends(
        "coverage_ids.scope",
        "coverage_ids.is_exclusion",
        "coverage_ids.equipment_id",
        "coverage_ids.product_id",
        "coverage_ids.product_category_id",
        "coverage_ids.component_ids",
        "coverage_ids.component_category_id",
        "coverage_ids.competence_ids",
        "coverage_ids.site_id",
        "coverage_ids.date_start",
        "coverage_ids.date_end",
    )
    def _compute_overlap_warning(self):
        for contract in self:
            seen = {}
            doubled = self.env["service.contract.coverage"]
            for line in contract.coverage_ids:
                twins = seen.setdefault(line._get_identity(), [])
                if any(_overlap(line, twin) for twin in twins):
                    doubled |= line
                twins.append(line)
            contract.overlap_warning = bool(doubled) and self.env._(
                "%(contract)s covers the same thing twice on the same days: %(lines)s. Remove a "
                "line or change its dates, unless that is intended.",
                contract=contract.name,
                lines=", ".join(doubled.mapped("display_name")),
            )

    def action_view_equipment(self):
        """Open the machines that this contract covers."""
        return self.equipment_ids._get_records_action(name=self.env._("Machines"))

    def _add_equipment(self, equipment):
        """Extend these contracts to machines, as their template says for each machine."""
        values = [
            {**vals, "contract_id": contract.id}
            for contract in self
            for vals in contract.template_id._prepare_coverage_values(
                equipment - contract.coverage_ids.equipment_id
            )
            if vals["scope"] == "equipment"
        ]
        return self.env["service.contract.coverage"].create(values)


def _overlap(line, other):
    """Whether two coverage lines have a day in common."""
    starts = [day for day in (line.date_start, other.date_start) if day]
    ends = [day for day in (line.date_end, other.date_end) if day]
    return not starts or not ends or max(starts) <= min(ends)
