from markupsafe import Markup, escape

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import is_html_empty

from odoo.addons.installed_base.models.reference_mover import ReferenceMover


class RequestMover(ReferenceMover):
    """What refers to a request moves, but for the history of its stages and the trace of merges."""

    def _get_fields(self, kind, comodel=None):
        stays = ("stage_history_ids", "merged_into_id")
        return [
            field
            for field in super()._get_fields(kind, comodel)
            if field.model_name != "service.request.stage.history" and field.name not in stays
        ]


class ServiceRequest(models.Model):
    """Two requests about the same thing become one; one about two things becomes two."""

    _inherit = "service.request"

    def _merge_into(self, survivor):
        """Move everything on these requests to another one, and cancel them.

        Messages, attachments, activities, machines, consumptions and time go to the survivor;
        what was decided about the coverage stays as it was decided.

        :param survivor: the service.request that goes on
        :raise UserError: when one is closed, or they are of different customers or companies
        """
        merged = self - survivor
        merged._check_may_merge(survivor)
        default = survivor._get_default_line() or merged._get_default_line()
        (merged.equipment_line_ids - default).is_default = False
        lines = self.env["service.request.equipment"]
        frozen = [f for f in lines._fields.values() if f.compute == "_compute_coverage"]
        names = ", ".join(f"{request.name} {request.title}" for request in merged)
        mover = RequestMover(self.env, frozen)
        for request in merged:
            mover.merge(request, survivor)
        merged.merged_into_id = survivor
        merged.action_cancel()
        # what they reserved is the survivor's; what both reserved for a machine is once
        survivor.uses_points |= any(merged.mapped("uses_points"))
        survivor._settle_points()
        merged._message_log_batch(
            {
                request.id: self.env._("Merged into %(request)s.", request=survivor.name)
                for request in merged
            }
        )
        trace = self.env._("Merged with: %(requests)s", requests=names)
        told = (r.description for r in merged if not is_html_empty(r.description))
        survivor.message_post(
            body=Markup().join(
                [escape(trace), *(Markup("<blockquote>%s</blockquote>") % text for text in told)]
            )
        )

    def _check_may_merge(self, survivor):
        requests = self | survivor
        unfit = requests.filtered(lambda r: r.state != "open")
        if unfit:
            raise UserError(
                self.env._(
                    "Closed or cancelled: %(requests)s. Only open requests are merged.",
                    requests=", ".join(unfit.mapped("name")),
                )
            )
        if len(requests.company_id) > 1:
            raise UserError(
                self.env._(
                    "These requests are of different companies: %(companies)s. Only requests of "
                    "one company are merged.",
                    companies=", ".join(requests.company_id.mapped("name")),
                )
            )
        # an intake without customer is the call of somebody known
        if len(requests.partner_id) > 1:
            raise UserError(
                self.env._(
                    "These requests are of different customers: %(customers)s. Link them as "
                    "related instead.",
                    customers=", ".join(requests.partner_id.mapped("name")),
                )
            )

    def _split(self, title, lines, consumptions):
        """Make another request of a part of this one; the two are related.

        :param title: title of the new request
        :param lines: service.request.equipment that move, with all their consumptions and time
        :param consumptions: further service.consumption that move
        :return: the new service.request
        """
        self.ensure_one()
        moved = lines.consumption_ids | consumptions
        logs = self.time_log_ids.filtered(lambda log: log.equipment_line_id in lines)
        logs |= moved.time_log_id
        request = self.copy(
            {
                "title": title,
                "date": self.date,
                "equipment_line_ids": False,
                "equipment_id": False,
                "related_request_ids": [Command.link(self.id)],
            }
        )
        lines.request_id = request
        (moved - lines.consumption_ids).equipment_line_id = False
        moved.request_id = request
        logs.request_id = request
        for part in (self, request):
            if part.equipment_line_ids and not part.equipment_line_ids.filtered("is_default"):
                part.equipment_line_ids[:1].is_default = True
        request.message_post(
            body=self.env._("Split off %(request)s.", request=self._get_html_link())
        )
        self.message_post(
            body=self.env._("A part of it became %(request)s.", request=request._get_html_link())
        )
        return request
