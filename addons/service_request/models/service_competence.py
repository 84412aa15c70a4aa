from collections import defaultdict

from odoo import fields, models
from odoo.tools import SQL

from .res_users_assignment import Workload


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

    def _read_able_users(self, apart):
        """Who can do it and how busy they are, in one query.

        :param apart: service.request that do not count as a load
        :return: ``({competence id: [ids of users]}, {user id: Workload})``; of each competence
            those who have it first, then those of each family that it belongs to
        """
        if not self:
            return {}, {}
        self.flush_model(["parent_path", "user_ids"])
        able = SQL(
            """
            SELECT asked.id AS competence_id, family.parent_path, able.user_id
              FROM service_competence asked
              JOIN service_competence family
                ON asked.parent_path LIKE family.parent_path || '%%'
              JOIN service_competence_res_users_rel able ON able.competence_id = family.id
             WHERE asked.id = ANY(%s)
            """,
            self.ids,
        )
        rows = self.env.execute_query(
            SQL(
                """
                WITH able AS MATERIALIZED (%(able)s)
                SELECT able.competence_id, able.parent_path, load.*
                  FROM able
                  JOIN (%(load)s) load ON load.id = able.user_id
              ORDER BY able.competence_id, LENGTH(able.parent_path) DESC, load.id
                """,
                able=able,
                load=self.env["res.users"]._get_workload_sql(
                    SQL("SELECT user_id FROM able"), apart
                ),
            )
        )
        families, load = defaultdict(dict), {}
        for competence_id, family, user_id, *facts in rows:
            families[competence_id].setdefault(family, []).append(user_id)
            load[user_id] = Workload(*facts)
        return {key: list(found.values()) for key, found in families.items()}, load

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
