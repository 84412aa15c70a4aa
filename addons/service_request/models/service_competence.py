from collections import defaultdict

from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.installed_base.models.planned_query import PlannedQuery

from .res_users_assignment import AT, WORKLOAD, Workload

ABLE_USERS = PlannedQuery(
    "service_able_users",
    SQL("competences int[], %s", AT),
    SQL("competence_id int, family varchar, %s", WORKLOAD.columns),
    SQL(
        """
            WITH able AS MATERIALIZED (
                SELECT asked.id AS competence_id, family.parent_path, able.user_id
                  FROM service_competence asked
                  JOIN service_competence family
                    ON starts_with(asked.parent_path, family.parent_path)
                  JOIN service_competence_res_users_rel able ON able.competence_id = family.id
                 WHERE asked.id = ANY(competences)
            )
            SELECT able.competence_id, able.parent_path, load.*
              FROM able
              JOIN %s load ON load.user_id = able.user_id
          ORDER BY able.competence_id, LENGTH(able.parent_path) DESC, load.user_id
        """,
        WORKLOAD.call(
            SQL("ARRAY(SELECT user_id FROM able)"), SQL("requests_apart, moment, evening")
        ),
    ),
)


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
        at = self.env["res.users"]._prepare_workload(apart)
        families, load = defaultdict(dict), {}
        for row in ABLE_USERS.get_rows(self.env, self.ids, *at):
            user_id = row.pop("user_id")
            families[row.pop("competence_id")].setdefault(row.pop("family"), []).append(user_id)
            load[user_id] = Workload(**row)
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
