from odoo import models
from odoo.exceptions import UserError


class ServiceEquipment(models.Model):
    """Machines whose warranty is extended."""

    _inherit = "service.equipment"

    def action_extend_warranty(
        self, months=0, date=False, reason=False, res_model=False, res_id=False
    ):
        """Extend the warranty of each of these machines: the line that ends last.

        :param months: how many months longer, or
        :param date: the new last day
        :param reason: why
        :param res_model: model of the document that caused it (an intervention)
        :param res_id: its id
        :raise UserError: when a machine has no warranty; also see the coverage line's method
        """
        lines = self.env["service.contract.coverage"]
        for machine in self:
            line = machine._get_last_warranty_line()
            if not line:
                raise UserError(
                    self.env._(
                        "%(machine)s never had a warranty: make a warranty contract instead of "
                        "extending one.",
                        machine=machine.display_name,
                    )
                )
            lines |= line
        return lines.action_extend_warranty(months, date, reason, res_model, res_id)

    def _get_last_warranty_line(self):
        """The warranty line of this machine, of a contract of its customer, that ends last."""
        self.ensure_one()
        warranties = self.contract_coverage_ids.filtered(
            lambda line: (
                line.date_end == self.warranty_end
                and line.contract_id.kind == "warranty"
                and line.contract_id.state in ("active", "suspended", "expired")
                and not line.is_exclusion
                and self.partner_id.commercial_partner_id in line.contract_id.party_ids
            )
        )
        return self.warranty_end and warranties[:1]
