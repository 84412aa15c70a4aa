from odoo import api, fields, models


class StockMoveLine(models.Model):
    """What comes back, or goes to be repaired: is it in warranty, with us or with its supplier?"""

    _inherit = "stock.move.line"

    service_coverage_status = fields.Selection(
        [("full", "Covered"), ("partial", "Partly Covered"), ("none", "Not Covered")],
        string="Coverage",
        compute="_compute_service_coverage",
        help="What the contracts of the customer cover on the day of the transfer.",
    )
    service_coverage_reason = fields.Char(
        string="Coverage Reason", compute="_compute_service_coverage"
    )
    service_supplier_warranty_end = fields.Date(
        string="Supplier's Warranty until", compute="_compute_service_coverage"
    )

    @api.depends_context("lang")
    @api.depends("lot_id", "service_equipment_id", "picking_id.scheduled_date", "date")
    def _compute_service_coverage(self):
        """Ask for all lines of a day at once.

        Who moves goods has no rights on machines and contracts: verdict and date only leave here.
        """
        parts_sudo = self.sudo()._find_service_parts()
        by_day = {}
        for line in self:
            line.service_coverage_status = line.service_coverage_reason = False
            part_sudo = parts_sudo.get(line)
            line.service_supplier_warranty_end = part_sudo and part_sudo.supplier_warranty_end
            if part_sudo:
                by_day.setdefault(line._get_coverage_day(part_sudo), []).append(line)
        for day, lines in by_day.items():
            items = [parts_sudo[line]._prepare_cover_item() for line in lines]
            answers = self.env["service.contract"]._cover(items, day)
            for line, answer in zip(lines, answers, strict=True):
                line.service_coverage_status = answer["status"]
                line.service_coverage_reason = answer["reason"]

    def _get_coverage_day(self, part):
        """The day on which this line moves a part, where the agency of the part is."""
        self.ensure_one()
        moment = self.date if self.state == "done" else self.picking_id.scheduled_date
        return part._get_cover_agency()._get_day(moment or fields.Datetime.now())

    def _find_service_parts(self):
        """``{line: service.equipment, or service.equipment.component}`` of what is known."""
        lots = self.lot_id
        machines = self.env["service.equipment"].search([("lot_id", "in", lots.ids)])
        components = self.env["service.equipment.component"].search([("lot_id", "in", lots.ids)])
        known = {part.lot_id: part for part in (*components, *machines)}
        return {
            line: part
            for line in self
            if (part := line.service_equipment_id or known.get(line.lot_id))
        }
