from odoo import fields, models


class ServiceCompetence(models.Model):
    _inherit = "service.competence"

    user_ids = fields.Many2many(
        "res.users",
        "service_competence_res_users_rel",
        "competence_id",
        "user_id",
        string="Competent Collaborators",
    )
    queue_ids = fields.Many2many(
        "service.queue",
        "service_competence_queue_rel",
        "competence_id",
        "queue_id",
        string="Queues Concerned",
    )

    def _lineage(self):
        """This competence and the families it belongs to, the closest first."""
        ids = [int(part) for part in (self.parent_path or "").split("/") if part]
        return self.browse(reversed(ids)) or self
