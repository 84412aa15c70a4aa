from odoo import api, fields, models
from odoo.tools import SQL


class ServiceFieldDevice(models.Model):
    """A phone that a technician uses, as it names itself; it can be locked out."""

    _name = "service.field.device"
    _description = "Field Device"
    _order = "last_contact desc, id desc"

    uuid = fields.Char(string="UUID", required=True, readonly=True)
    name = fields.Char(readonly=True, help="The browser and system, as it describes itself.")
    user_id = fields.Many2one(
        "res.users", string="Technician", required=True, readonly=True, index=True
    )
    company_id = fields.Many2one(related="user_id.company_id", store=True, index=True)
    first_contact = fields.Datetime(related="create_date", string="First Contact")
    last_contact = fields.Datetime(readonly=True)
    waiting = fields.Integer(
        readonly=True, help="Entries that waited on the device when it last called."
    )
    app_version = fields.Char(readonly=True)
    revoked_on = fields.Datetime(
        string="Revoked on",
        readonly=True,
        help="At its next contact the app wipes what it holds for this technician.",
    )
    revoked_by_id = fields.Many2one("res.users", string="Revoked by", readonly=True)
    command_count = fields.Integer(compute="_compute_command_count", string="Entries")

    _uuid_uniq = models.Constraint(
        "unique(uuid, user_id)", "This device is known already for this technician."
    )

    def _compute_command_count(self):
        counts = dict(
            self.env["service.field.command"]._read_group(
                [("device_id", "in", self.ids)], ["device_id"], ["__count"]
            )
        )
        for device in self:
            device.command_count = counts.get(device, 0)

    @api.depends("name", "user_id")
    def _compute_display_name(self):
        for device in self:
            device.display_name = f"{device.user_id.name} · {device.name or device.uuid}"

    @api.model
    def _contact(self, uuid, name=None, waiting=0, app_version=None):
        """Note that the device of the current user called.

        :param uuid: the name that the device gave itself
        :param name: how it describes itself
        :param waiting: number of entries that wait on it
        :param app_version: version of the app on it
        :return: the device, sudoed; a revoked one is not updated
        """
        [(device_id, revoked)] = self.env.execute_query(
            SQL(
                """
                INSERT INTO service_field_device
                            (uuid, user_id, company_id, name, create_uid, create_date)
                     VALUES (%(uuid)s, %(user)s, %(company)s, %(name)s, %(user)s, %(now)s)
                ON CONFLICT (uuid, user_id) DO UPDATE SET uuid = EXCLUDED.uuid
                  RETURNING id, revoked_on
                """,
                uuid=uuid,
                user=self.env.uid,
                company=self.env.user.company_id.id,
                name=(name or "")[:200],
                now=fields.Datetime.now(),
            )
        )
        device_sudo = self.sudo().browse(device_id)
        if not revoked:
            device_sudo.write(
                {
                    "last_contact": fields.Datetime.now(),
                    "waiting": waiting,
                    **({"app_version": app_version[:40]} if app_version else {}),
                    **({"name": name[:200]} if name else {}),
                }
            )
        return device_sudo

    @api.model
    def _is_revoked(self, uuid, user_id):
        """Whether what a device holds for a user must be wiped: the device was revoked, or the
        user has left. A device that never called is not known, and nothing is said about it."""
        device_sudo = self.sudo().search([("uuid", "=", uuid), ("user_id", "=", user_id)], limit=1)
        user = device_sudo.user_id
        return bool(device_sudo) and bool(
            device_sudo.revoked_on
            or not user.active
            or not user.has_group("installed_base.group_service_technician")
        )

    def action_revoke(self):
        """Lock these devices out: at the next contact they wipe what they hold."""
        self.check_access("write")
        self.sudo().write({"revoked_on": fields.Datetime.now(), "revoked_by_id": self.env.uid})
        return True

    def action_allow(self):
        """Let these devices in again."""
        self.check_access("write")
        self.sudo().write({"revoked_on": False, "revoked_by_id": False})
        return True
