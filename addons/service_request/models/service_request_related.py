from datetime import timedelta

from odoo import api, fields, models


class ServiceRequest(models.Model):
    """Requests that have to do with each other: repeat failures, duplicates, related ones."""

    _inherit = "service.request"

    # Repeat failure
    first_request_id = fields.Many2one(
        "service.request",
        string="Repeats",
        compute="_compute_first_request_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        copy=False,
        help="The first request about the same symptom of the same machine, when the last one was "
        "closed within the recall period of the company.",
    )
    is_rework = fields.Boolean(
        readonly=True,
        copy=False,
        tracking=True,
        help="Confirmed: our work did not hold. We bear the cost, and the first visit did not fix "
        "the problem.",
    )
    repeat_request_ids = fields.One2many("service.request", "first_request_id")

    # Duplicates
    duplicate_request_ids = fields.Many2many(
        "service.request", string="Possible Duplicates", compute="_compute_duplicate_request_ids"
    )
    merged_into_id = fields.Many2one(
        "service.request", readonly=True, copy=False, index="btree_not_null", tracking=True
    )

    # Related: one row for each pair, read from both sides
    related_to_ids = fields.Many2many(
        "service.request",
        "service_request_related_rel",
        "request_id",
        "related_id",
        copy=False,
        export_string_translation=False,
    )
    related_from_ids = fields.Many2many(
        "service.request",
        "service_request_related_rel",
        "related_id",
        "request_id",
        copy=False,
        export_string_translation=False,
    )
    related_request_ids = fields.Many2many(
        "service.request",
        string="Related Requests",
        compute="_compute_related_request_ids",
        inverse="_inverse_related_request_ids",
        search="_search_related_request_ids",
    )

    # ------------------------------------------------------------ repeat failure
    @api.depends("equipment_line_ids.equipment_id", "symptom_id", "date")
    def _compute_first_request_id(self):
        found = self._find_first_requests()
        for request in self:
            request.first_request_id = found.get(request)

    def _find_first_requests(self):
        """The request that each of these repeats, for those that repeat one, in one query.

        :return: ``{request: first request}``
        """
        asking = self.filtered(lambda r: r.symptom_id and r.equipment_line_ids and r.date)
        if not asking:
            return {}
        periods = {
            request: timedelta(days=request.company_id.service_recall_days) for request in asking
        }
        closed = self.search(
            [
                ("state", "=", "closed"),
                ("symptom_id", "in", asking.symptom_id.ids),
                (
                    "equipment_line_ids.equipment_id",
                    "in",
                    asking.equipment_line_ids.equipment_id.ids,
                ),
                ("close_date", ">=", min(r.date - periods[r] for r in asking)),
                ("id", "not in", asking._origin.ids),
            ],
            order="close_date desc",
        )
        found = {}
        for request in asking:
            machines = request.equipment_line_ids.equipment_id._origin
            last = closed.filtered(
                lambda c, r=request, machines=machines: (
                    c.symptom_id == r.symptom_id
                    and c.equipment_line_ids.equipment_id & machines
                    and r.date - periods[r] <= c.close_date <= r.date
                )
            )[:1]
            found[request] = last.first_request_id or last
        return found

    def write(self, vals):
        """Our work did not hold: rework is covered by us, unless decided otherwise with it."""
        if vals.get("is_rework") and "coverage" not in vals:
            vals = {"coverage_manual": "goodwill", **vals}
        return super().write(vals)

    def action_confirm_rework(self):
        """Our work did not hold: the repeated request is covered by us."""
        return self.filtered("first_request_id").write({"is_rework": True})

    def action_refuse_rework(self):
        """It is another problem than the one of the first request: we do not bear the cost."""
        ours = self.filtered(lambda r: r.is_rework and r.coverage_manual == "goodwill")
        ours.coverage_manual = False
        self.write({"first_request_id": False, "is_rework": False})
        return True

    # ------------------------------------------------------------ duplicates
    @api.depends("equipment_line_ids.equipment_id", "partner_id", "title", "state")
    def _compute_duplicate_request_ids(self):
        asking = self.filtered(lambda r: r.state in (False, "open") and r.partner_id)
        machines = asking.equipment_line_ids.equipment_id._origin
        open_requests = [("state", "=", "open"), ("id", "not in", asking._origin.ids)]
        lines = self.env["service.request.equipment"].search(
            [
                ("equipment_id", "in", machines.ids),
                ("request_id.state", "=", "open"),
            ]
        )
        by_machine = lines.grouped("equipment_id")
        bare = asking.filtered(lambda r: not r.equipment_line_ids and r.title)
        same_words = self.search(
            [*open_requests, ("partner_id", "in", bare.partner_id.ids)], limit=200
        )
        for request in self:
            found = self.browse()
            if request in bare:
                words = _get_words(request.title)
                found = same_words.filtered(
                    lambda r, words=words, mine=request: (
                        r.partner_id == mine.partner_id and _get_words(r.title) & words
                    )
                )
            elif request in asking:
                for machine in request.equipment_line_ids.equipment_id._origin:
                    found |= by_machine.get(machine, lines.browse()).request_id
            request.duplicate_request_ids = found - request._origin

    # ------------------------------------------------------------ related
    @api.depends("related_to_ids", "related_from_ids")
    def _compute_related_request_ids(self):
        for request in self:
            request.related_request_ids = request.related_to_ids | request.related_from_ids

    def _inverse_related_request_ids(self):
        for request in self:
            wanted = request.related_request_ids - request
            request.related_from_ids &= wanted
            request.related_to_ids = wanted - request.related_from_ids

    def _search_related_request_ids(self, operator, value):
        if operator != "in":
            return NotImplemented
        return ["|", ("related_to_ids", "in", value), ("related_from_ids", "in", value)]


def _get_words(title):
    """Words of a title that tell something; short ones are everywhere."""
    return {word for word in (title or "").lower().split() if len(word) > 3}
