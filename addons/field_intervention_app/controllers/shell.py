import json

from odoo import http
from odoo.http import request
from odoo.tools import file_open
from odoo.tools.translate import code_translations

from ..models.payload import digest
from .api import API_VERSION

WORKER = "field_intervention_app/static/src/sw/service_worker.js"
BUNDLE = "field_intervention_app.assets_app"
STATIC = (
    "/web/static/src/libs/fontawesome/fonts/fontawesome-webfont.woff2?v=4.7.0",
    "/web/static/lib/zxing-library/zxing-library.js",
    "/field_intervention_app/static/img/icon-192.png",
    "/field_intervention_app/static/img/icon-512.png",
)


class FieldShell(http.Controller):
    """The app itself: no user data, no session needed, so that it can be kept on the device."""

    @http.route(
        ["/field", "/field/", "/field/<path:page>"],
        type="http",
        auth="public",
        methods=["GET"],
        sitemap=False,
    )
    def shell(self, page=None):
        """The page of the app, the same for everybody; it decides itself what to show."""
        if request.httprequest.path == "/field":
            return request.redirect("/field/")
        response = request.render(
            "field_intervention_app.shell",
            {
                "field": {
                    "db": request.db,
                    "version": self._get_version(),
                    "api_version": API_VERSION,
                    "languages": self._get_languages(),
                },
            },
        )
        response.headers["Cache-Control"] = "no-cache"
        response.headers["Content-Security-Policy"] = (
            "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
            "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
            "media-src 'self' blob: mediastream:; frame-ancestors 'none'"
        )
        return response

    @http.route("/field/service-worker.js", type="http", auth="public", methods=["GET"])
    def service_worker(self):
        """The worker, which keeps the app on the device; its bytes change with the app."""
        with file_open(WORKER) as file:
            body = file.read()
        body = body.replace('"__VERSION__"', json.dumps(self._get_version())).replace(
            '["__PRECACHE__"]', json.dumps(self._get_precache())
        )
        return request.make_response(
            body, [("Content-Type", "text/javascript"), ("Cache-Control", "no-cache")]
        )

    @http.route("/field/manifest.webmanifest", type="http", auth="public", methods=["GET"])
    def manifest(self):
        """What the phone needs to install the app."""
        return request.make_json_response(
            {
                "id": "/field/",
                "name": request.env._("After-Sales: Field"),
                "short_name": request.env._("Field"),
                "scope": "/field/",
                "start_url": "/field/",
                "display": "standalone",
                "orientation": "portrait",
                "background_color": "#ffffff",
                "theme_color": "#14532d",
                "icons": [
                    {
                        "src": f"/field_intervention_app/static/img/icon-{size}.png",
                        "sizes": f"{size}x{size}",
                        "type": "image/png",
                        "purpose": "any maskable",
                    }
                    for size in (192, 512)
                ],
            },
            {"Content-Type": "application/manifest+json"},
        )

    def _get_languages(self):
        """Codes of the installed languages."""
        installed = request.env["res.lang"].sudo().get_installed()
        return [code for code, _name in installed]

    def _get_precache(self):
        """Everything that the app needs when there is no network."""
        return [
            *request.env["ir.qweb"].sudo()._get_asset_links(BUNDLE),
            *STATIC,
            "/field/",
            "/field/manifest.webmanifest",
            *(f"/field/terms/{code}" for code in self._get_languages()),
        ]

    @http.route("/field/terms/<string:lang>", type="http", auth="public", methods=["GET"])
    def terms(self, lang):
        """The terms of the app in a language."""
        return request.make_json_response(self._get_terms(lang), {"Cache-Control": "no-cache"})

    def _get_terms(self, lang):
        """``{term: translation}``; the terms themselves are English."""
        if lang not in self._get_languages():
            return {}
        found = code_translations.get_web_translations("field_intervention_app", lang)
        return {message["id"]: message["string"] for message in found["messages"]}

    def _get_version(self):
        """Changes with everything that is kept on the device."""
        view = request.env["ir.ui.view"].sudo()._get_template_view("field_intervention_app.shell")
        with file_open(WORKER) as file:
            worker = file.read()
        return digest(
            worker,
            view.arch_db,
            request.env["ir.qweb"].sudo()._get_asset_links(BUNDLE),
            [digest(self._get_terms(code)) for code in self._get_languages()],
        )[:12]
