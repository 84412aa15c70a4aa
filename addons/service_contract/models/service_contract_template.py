from odoo import fields, models

from .periods import last_day


class ServiceContractTemplate(models.Model):
    """A promise ready to be made: to a buyer as warranty, or sold as a contract."""

    _name = "service.contract.template"
    _description = "Service Contract Template"
    _inherit = ["service.contract.terms"]
    _check_company_auto = True
    _order = "kind, name, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index="btree_not_null", help="Empty: for all companies."
    )
    duration = fields.Integer(default=12, required=True)
    duration_unit = fields.Selection(
        [("day", "Day(s)"), ("month", "Month(s)"), ("year", "Year(s)")],
        required=True,
        default="month",
    )
    points = fields.Float(help="Granted to the customer when a contract becomes active.")
    coverage_ids = fields.One2many(
        "service.contract.coverage", "template_id", string="Promises", copy=True
    )
    commitment_ids = fields.One2many(
        "service.contract.commitment", "template_id", string="Commitments", copy=True
    )
    meter_term_ids = fields.One2many(
        "service.contract.meter.term", "template_id", string="Meter Terms", copy=True
    )

    _duration_positive = models.Constraint(
        "CHECK (duration > 0)", "The duration must be at least one."
    )
    _points_not_negative = models.Constraint(
        "CHECK (points >= 0)", "The points of a template cannot be negative."
    )

    def _get_end_date(self, start):
        """Last day of a contract made from this template that starts on ``start``."""
        self.ensure_one()
        return last_day(start, self.duration, self.duration_unit)

    def _prepare_coverage_values(self, equipment, narrow=False):
        """Values of the coverage lines that this template gives to machines.

        Lines for « equipment » are repeated for each machine, others are taken as they are;
        without any line each machine is covered in full.

        :param equipment: service.equipment to cover
        :param narrow: promise nothing but these machines: each line that applies to a machine is
            made a line of that machine (a warranty says nothing about other machines)
        :return: list of values of service.contract.coverage, without their contract
        """
        self.ensure_one()
        coverage = self.coverage_ids
        if not coverage:
            return [{"scope": "equipment", "equipment_id": machine.id} for machine in equipment]
        per_machine = coverage if narrow else coverage.filtered(lambda c: c.scope == "equipment")
        values = (coverage - per_machine).copy_data({"template_id": False})
        for line, vals in zip(per_machine, per_machine.copy_data(), strict=True):
            target = {
                "template_id": False,
                "scope": "equipment",
                "product_id": False,
                "product_category_id": False,
            }
            values += [
                {**vals, **target, "equipment_id": machine.id}
                for machine in equipment
                if line._is_for(machine)
            ]
        return values
