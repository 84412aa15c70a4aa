from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.mimetypes import guess_mimetype

MAX_SIZE = 10 * 1024 * 1024
MIMETYPES = ("image/jpeg", "image/png", "image/webp", "application/pdf")
ORPHAN_DAYS = 180  # longer than the longest absence


class ServiceFieldBlob(models.Model):
    """A photo, signature or document that a device sent ahead of the command that uses it."""

    _name = "service.field.blob"
    _description = "Field File"
    _inherit = ["service.append.only"]
    _order = "id desc"
    _rec_name = "uuid"

    uuid = fields.Char(string="UUID", required=True)
    user_id = fields.Many2one("res.users", string="Technician", required=True, index=True)
    device = fields.Char()
    content = fields.Binary(attachment=True)
    content_hash = fields.Char(required=True)
    mimetype = fields.Char()
    size = fields.Integer(help="In bytes.")
    used_on = fields.Datetime(string="Used on", help="When a command used it.")

    _uuid_uniq = models.Constraint("unique(uuid)", "This file has been received already.")

    @api.model
    def _receive(self, uuid, device, data):
        """Keep a file once.

        :param uuid: its name, chosen by the device
        :param device: uuid of the device
        :param data: bytes
        :return: True, or False when another content, or another user, has this name
        :raise UserError: when it is too large, or of a type that is not taken
        """
        mimetype = guess_mimetype(data)
        if mimetype not in MIMETYPES:
            raise UserError(
                self.env._("Files of the type %(type)s are not accepted.", type=mimetype)
            )
        if len(data) > MAX_SIZE:
            raise UserError(self.env._("This file is larger than 10 MB: make it smaller."))
        content_hash = self.env["ir.attachment"]._compute_checksum(data)
        new = self.env.execute_query(
            SQL(
                """
                INSERT INTO service_field_blob (uuid, user_id, device, content_hash, mimetype, size,
                                                create_uid, create_date)
                     VALUES (%(uuid)s, %(user)s, %(device)s, %(hash)s, %(mimetype)s, %(size)s,
                             %(user)s, %(now)s)
                ON CONFLICT (uuid) DO NOTHING
                  RETURNING id
                """,
                uuid=uuid,
                user=self.env.uid,
                device=device,
                hash=content_hash,
                mimetype=mimetype,
                size=len(data),
                now=fields.Datetime.now(),
            )
        )
        if new:
            self.env["ir.attachment"].sudo().create(
                {
                    "name": uuid,
                    "raw": data,
                    "mimetype": mimetype,
                    "res_model": self._name,
                    "res_field": "content",
                    "res_id": new[0][0],
                }
            )
            return True
        known_sudo = self.sudo().search([("uuid", "=", uuid)])
        return known_sudo.user_id == self.env.user and known_sudo.content_hash == content_hash

    @api.model
    def _find(self, uuid):
        """The file (sudoed) that the current user sent under this name, or none yet."""
        return self.sudo().search([("uuid", "=", uuid), ("user_id", "=", self.env.uid)])

    def _get_file(self):
        """The attachment that holds the content: its bytes are read without being encoded."""
        self.ensure_one()
        return self.env["ir.attachment"].search(
            [
                ("res_model", "=", self._name),
                ("res_field", "=", "content"),
                ("res_id", "=", self.id),
            ]
        )

    @api.autovacuum
    def _gc_orphans(self):
        limit = fields.Datetime.now() - timedelta(days=ORPHAN_DAYS)
        self.search([("used_on", "=", False), ("create_date", "<", limit)], limit=1000).unlink()
