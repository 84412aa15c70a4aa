from odoo import http
from odoo.fields import Domain
from odoo.http import request

from ..models.payload import is_uuid
from ..models.service_field_blob import MAX_SIZE

# commands of older apps are still understood; payload keys are never renamed
API_VERSION = 2
OLDEST_API_VERSION = 1
MAX_COMMANDS = 100
MAX_BODY = 2 * 1024 * 1024
TECHNICIAN = "installed_base.group_service_technician"


class FieldApi(http.Controller):
    """What a device exchanges with the server, as the technician who signed in.

    JSON routes take ``application/json`` only, which no form of another site can send; the file
    route demands a header of its own, which makes a browser ask first.
    """

    @http.route("/field/api/pull", type="jsonrpc", auth="user", max_content_length=MAX_BODY)
    def pull(self, device, uid, token=None, waiting=0, version=None):
        """What changed on the device: see ``service.field.sync._pull``."""
        return self._answer(
            device,
            uid,
            lambda env, _device: env["service.field.sync"]._pull(token),
            waiting=waiting,
            app_version=version,
        )

    @http.route("/field/api/catalogue", type="jsonrpc", auth="user", max_content_length=MAX_BODY)
    def catalogue(self, device, uid, since=None):
        """Parts that changed: see ``service.field.sync._get_catalogue``."""
        return self._answer(
            device, uid, lambda env, _device: env["service.field.sync"]._get_catalogue(since)
        )

    @http.route("/field/api/push", type="jsonrpc", auth="user", max_content_length=MAX_BODY)
    def push(self, device, uid, commands, api_version=OLDEST_API_VERSION):
        """Apply what was done on the device: see ``service.field.command._receive``."""
        if not OLDEST_API_VERSION <= int(api_version) <= API_VERSION:
            return {"error": "api_version"}
        log = request.env["service.field.command"]
        if (
            not isinstance(commands, list)
            or len(commands) > MAX_COMMANDS
            or not all(map(log._is_well_formed, commands))
        ):
            return {"error": "malformed"}
        return self._answer(
            device,
            uid,
            lambda env, device: {
                "results": env["service.field.command"]._receive(device, commands)
            },
        )

    def _answer(self, device, uid, work, **contact):
        """Run some work for the technician whose device calls.

        The envelope names the user whose data the device holds: a colleague who signed in on it
        neither sends nor gets anything in that name.
        """
        user = request.env.user
        if not is_uuid(device):
            return {"error": "malformed"}
        if uid != user.id:
            return {"error": "wrong_user", "uid": user.id}
        if not user.has_group(TECHNICIAN):
            return {"error": "no_technician"}
        companies = [user.company_id.id, *(user.company_ids - user.company_id).ids]
        request.update_context(allowed_company_ids=companies, lang=user.lang)
        agent = request.httprequest.user_agent.string
        known = request.env["service.field.device"]._contact(device, agent, **contact)
        if known.revoked_on:
            return {"error": "revoked"}
        return work(request.env, known)

    @http.route("/field/api/status", type="jsonrpc", auth="public", max_content_length=1024)
    def status(self, device, uid):
        """Whether the device must forget what it holds; it asks when its session is over."""
        revoked = (
            is_uuid(device)
            and isinstance(uid, int)
            and 0 < uid < 2**31
            and request.env["service.field.device"]._is_revoked(device, uid)
        )
        return {"revoked": revoked}

    @http.route(
        "/field/api/blob/<string:uuid>",
        type="http",
        auth="user",
        methods=["POST"],
        csrf=False,
        max_content_length=MAX_SIZE,
    )
    def blob(self, uuid, **_query):
        """Take a photo, a signature or a document, once."""
        http_request = request.httprequest
        device = http_request.headers.get("X-Field-Device")
        sender = http_request.headers.get("X-Field-User")
        if not is_uuid(device) or not is_uuid(uuid):
            return request.make_json_response({"error": "malformed"}, status=400)
        user = request.env.user
        if sender != str(user.id) or not user.has_group(TECHNICIAN):
            return request.make_json_response({"error": "wrong_user"}, status=403)
        data = http_request.get_data(cache=False)
        if not request.env["service.field.blob"]._receive(uuid, device, data):
            return request.make_json_response({"error": "taken"}, status=409)
        return request.make_json_response({"uuid": uuid})

    @http.route("/field/api/document/<int:document>", type="http", auth="user", methods=["GET"])
    def document(self, document):
        """A file that belongs to the technician's work."""
        sync = request.env["service.field.sync"]
        domain = sync._get_document_domain(sync._get_interventions())
        found = request.env["ir.attachment"].sudo().search(domain & Domain("id", "=", document))
        if not found:
            return request.not_found()
        return request.env["ir.binary"]._get_stream_from(found).get_response(as_attachment=False)
