from odoo import api, fields, models
from odoo.fields import Command


class ServiceIntervention(models.Model):
    """Photos of before and after the work, and other files."""

    _inherit = "service.intervention"

    photo_before_ids = fields.Many2many(
        "ir.attachment",
        string="Photos Before the Work",
        compute="_compute_photos",
        inverse="_inverse_photos",
    )
    photo_after_ids = fields.Many2many(
        "ir.attachment",
        string="Photos After the Work",
        compute="_compute_photos",
        inverse="_inverse_photos",
    )
    other_file_ids = fields.Many2many(
        "ir.attachment",
        string="Other Photos and Files",
        compute="_compute_photos",
        inverse="_inverse_photos",
    )

    @api.depends("attachment_ids.service_photo_kind")
    def _compute_photos(self):
        for intervention in self:
            files = intervention.attachment_ids.grouped("service_photo_kind")
            none = intervention.attachment_ids.browse()
            intervention.photo_before_ids = files.get("before", none)
            intervention.photo_after_ids = files.get("after", none)
            intervention.other_file_ids = files.get(False, none)

    def _inverse_photos(self):
        for intervention in self:
            photos = {
                "before": intervention.photo_before_ids,
                "after": intervention.photo_after_ids,
                False: intervention.other_file_ids,
            }
            for kind, files in photos.items():
                files.filtered(lambda f, kind=kind: f.service_photo_kind != kind).write(
                    {"service_photo_kind": kind}
                )
            intervention.attachment_ids = files.union(*photos.values())

    def _add_file(self, name, raw, mimetype, kind=False):
        """Attach a picture or another file that the technician made.

        :param raw: its bytes
        :param kind: "before" or "after" the work, if it is a photo of that
        :return: the ir.attachment
        """
        self.ensure_one()
        # who does the work adds to it, also when the visit was given to somebody else meanwhile
        intervention_sudo = self.sudo()
        attachment_sudo = intervention_sudo.env["ir.attachment"].create(
            {
                "name": name,
                "raw": raw,
                "mimetype": mimetype,
                "res_model": self._name,
                "res_id": self.id,
                "service_photo_kind": kind,
            }
        )
        intervention_sudo.attachment_ids = [Command.link(attachment_sudo.id)]
        return attachment_sudo

    def _get_photo_groups(self):
        """The attached pictures for the printed report.

        :return: list of (when they were taken, in words; the pictures in their order)
        """
        kinds = self.env["ir.attachment"]._fields["service_photo_kind"]
        labels = dict(kinds._description_selection(self.env))
        pictures = self.attachment_ids.filtered(lambda a: (a.mimetype or "").startswith("image/"))
        groups = pictures.sorted("id").grouped("service_photo_kind")
        return [(labels.get(kind, ""), groups[kind]) for kind in (*labels, False) if kind in groups]
