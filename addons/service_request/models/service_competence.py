from collections import defaultdict

from odoo import fields, models
from odoo.tools import SQL


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

    def _read_able_users(self):
        """Who can do it, in one query.

        :return: ``{competence id: [ids of users]}``, those of the competence first, then those of
            each family that it belongs to; nobody is left out
        """
        if not self:
            return {}
        self.flush_model(["parent_path", "user_ids"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT asked.id, ARRAY_AGG(able.user_id)
                  FROM service_competence asked
                  JOIN service_competence family
                    ON asked.parent_path LIKE family.parent_path || '%%'
                  JOIN service_competence_res_users_rel able ON able.competence_id = family.id
                 WHERE asked.id = ANY(%s)
              GROUP BY asked.id, family.id
              ORDER BY asked.id, LENGTH(family.parent_path) DESC
                """,
                self.ids,
            )
        )
        able = defaultdict(list)
        for competence_id, user_ids in rows:
            able[competence_id].append(user_ids)
        return able

    def _find_queue(self, request):
        """The queue that serves this competence, or else a family of it, for a request."""
        # who creates a request may not see every queue
        for competence in self.sudo()._lineage():
            if queue := competence.queue_ids._filter_best(request):
                return queue.sudo(False)
        return self.env["service.queue"]

    def _lineage(self):
        """This competence and the families it belongs to, the closest first."""
        ids = [int(part) for part in (self.parent_path or "").split("/") if part]
        return self.browse(reversed(ids)) or self
