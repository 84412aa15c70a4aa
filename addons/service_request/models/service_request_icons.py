from odoo import fields, models


class ServiceRequest(models.Model):
    """What is seen of a request at a glance."""

    _inherit = "service.request"

    stage_icon = fields.Char(related="stage_id.icon", string="Stage Icon")
    severity_icon = fields.Char(related="severity_id.icon", string="Severity Icon")

    # kanban and the lists of open requests, among all those that were closed in years; they are
    # counted without reading the requests, of which record rules ask what is included
    _open_stage_idx = models.Index(
        "(stage_id, id DESC) INCLUDE (company_id, agency_id) WHERE state = 'open'"
    )
    # … and the load of a collaborator, who was given one last
    _open_user_idx = models.Index(
        "(user_id, id DESC) INCLUDE (company_id, agency_id, assign_date) WHERE state = 'open'"
    )
    _open_id_idx = models.Index("(id DESC) INCLUDE (company_id, agency_id) WHERE state = 'open'")
