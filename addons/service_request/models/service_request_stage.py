from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError


class ServiceRequestStage(models.Model):
    """How far a request has come (X3: table 422)."""

    _name = "service.request.stage"
    _description = "Request Stage"
    _inherit = ["service.cached"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    fold = fields.Boolean(string="Folded in Kanban")
    is_closed = fields.Boolean(
        string="Closing Stage", help="Requests of this stage are solved. Exactly one stage closes."
    )
    is_cancelled = fields.Boolean(
        string="Cancelling Stage", help="Requests of this stage were given up."
    )
    is_paused = fields.Boolean(
        string="Waiting", help="We wait for the customer: the clock of the deadline stands still."
    )
    icon = fields.Char(help="Name of a Font Awesome icon, such as fa-wrench.")
    agency_ids = fields.Many2many(
        "service.agency",
        string="Agencies",
        help="Only requests of these agencies come here; leave empty to use it everywhere.",
    )

    _one_closing = models.UniqueIndex(
        "(is_closed) WHERE is_closed AND active", "Only one stage can close requests."
    )
    _one_cancelling = models.UniqueIndex(
        "(is_cancelled) WHERE is_cancelled AND active", "Only one stage can cancel requests."
    )
    _closed_or_cancelled = models.Constraint(
        "CHECK (NOT (is_closed AND is_cancelled))", "A stage cannot both close and cancel."
    )

    def write(self, vals):
        result = super().write(vals)
        if not {"is_closed", "is_cancelled", "active"}.isdisjoint(vals):
            self._check_endings(self.search([("active", "=", True)]))
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_endings(self):
        self._check_endings(self.search([("active", "=", True)]) - self)

    @api.model
    def _check_endings(self, stages):
        """Requests must have where to go when they are solved, or given up."""
        if not any(stages.mapped("is_closed")):
            raise ValidationError(
                self.env._(
                    "Requests need a closing stage: mark another stage as the closing one first."
                )
            )
        if not any(stages.mapped("is_cancelled")):
            raise ValidationError(
                self.env._("Requests need a cancelling stage: the one there is must stay.")
            )

    @api.model
    def _get_first(self):
        """The stage of a new request."""
        return self.browse(self._get_id_of(False, False))

    @api.model
    def _get_closing(self):
        """The stage of a solved request."""
        return self.browse(self._get_id_of(True, False))

    @api.model
    def _get_cancelling(self):
        """The stage of a cancelled request."""
        return self.browse(self._get_id_of(False, True))

    @api.model
    def _get_progress(self):
        """The stage that follows the first one: work on the request has begun."""
        return self.browse(self._get_progress_id())

    def _get_state(self):
        """What a request is in this stage: ``open``, ``paused``, ``closed`` or ``cancelled``."""
        return self._get_states().get(self.id, "open")

    @api.model
    @tools.ormcache()
    def _get_states(self):
        # every request asks, whenever it moves
        return {
            stage.id: "closed"
            if stage.is_closed
            else "cancelled"
            if stage.is_cancelled
            else "paused"
            if stage.is_paused
            else "open"
            for stage in self.sudo().with_context(active_test=False).search([])
        }

    @api.model
    @tools.ormcache()
    def _get_progress_id(self):
        domain = [("is_closed", "=", False), ("is_cancelled", "=", False)]
        stages = self.sudo().search([*domain, ("is_paused", "=", False)])._sort_general()
        return (stages - self._get_first())[:1].id or self._get_first().id

    @api.model
    @tools.ormcache("is_closed", "is_cancelled")
    def _get_id_of(self, is_closed, is_cancelled):
        # every new request asks
        domain = [("is_closed", "=", is_closed), ("is_cancelled", "=", is_cancelled)]
        return self.sudo().search(domain)._sort_general()[:1].id

    def _sort_general(self):
        """These stages in their order, those that only some agencies have last."""
        return self.sorted(lambda stage: bool(stage.agency_ids))
