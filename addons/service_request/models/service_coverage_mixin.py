from odoo import api, fields, models
from odoo.exceptions import UserError

MANUAL_COVERAGES = [
    ("none", "Not Covered"),
    ("contract", "Covered by Contract"),
    ("sale", "Covered by Sales Order"),
    ("goodwill", "Goodwill"),
    ("direct", "Direct Invoicing"),
]
# the first two are found by the system only
COVERAGES = [("full", "Covered in Full"), ("partial", "Covered in Part"), *MANUAL_COVERAGES]


class ServiceCoverageMixin(models.AbstractModel):
    """A coverage that the system finds, unless somebody decides by hand.

    The decision by hand has a field of its own and the coverage is derived from it: nothing that is
    recomputed can lose it. A model using this gives ``_compute_coverage``.
    """

    _name = "service.coverage.mixin"
    _description = "Decided Coverage"

    coverage = fields.Selection(
        COVERAGES,
        compute="_compute_coverage",
        inverse="_inverse_coverage",
        store=True,
        readonly=False,
        index=True,
        help="Who bears the cost: the coverage that was found, or the decision taken by hand.",
    )
    coverage_manual = fields.Selection(
        MANUAL_COVERAGES,
        string="Decided by Hand",
        copy=False,
        help="Overrides whatever the contracts say; empty it to return to the automatic coverage.",
    )
    coverage_mode = fields.Selection(
        [("auto", "Automatic"), ("manual", "By Hand")],
        compute="_compute_coverage_mode",
        inverse="_inverse_coverage_mode",
        store=True,
        readonly=False,
    )

    @api.depends("coverage_manual")
    def _compute_coverage_mode(self):
        for record in self:
            record.coverage_mode = "manual" if record.coverage_manual else "auto"

    def _inverse_coverage(self):
        labels = dict(self._fields["coverage"]._description_selection(self.env))
        choices = dict(self._fields["coverage_manual"]._description_selection(self.env))
        for record in self:
            if record.coverage and record.coverage not in choices:
                raise UserError(
                    self.env._(
                        "« %(coverage)s » can only be found by the system. Choose one of these for "
                        "%(record)s: %(choices)s.",
                        coverage=labels[record.coverage],
                        record=record.display_name,
                        choices=", ".join(choices.values()),
                    )
                )
            record.coverage_manual = record.coverage

    def _inverse_coverage_mode(self):
        self.filtered(lambda record: record.coverage_mode == "auto").coverage_manual = False
