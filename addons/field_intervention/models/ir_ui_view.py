from lxml import etree

from odoo import fields, models

DISPATCH_ATTRIBUTES = {"__validate__", "class", "edit", "js_class", "scale", "string"}


class IrUiView(models.Model):
    _inherit = "ir.ui.view"

    type = fields.Selection(selection_add=[("dispatch", "Dispatch Board")])

    def _get_view_info(self):
        return {"dispatch": {"icon": "fa fa-th-list"}} | super()._get_view_info()

    def _validate_tag_dispatch(self, node, name_manager, node_info):
        """A board has no content of its own: only the attributes below."""
        if not node_info["validate"]:
            return
        unknown = set(node.attrib) - DISPATCH_ATTRIBUTES
        if unknown:
            self._raise_view_error(
                self.env._(
                    "A dispatch board knows no attribute %(unknown)s, only %(known)s.",
                    unknown=", ".join(sorted(unknown)),
                    known=", ".join(sorted(DISPATCH_ATTRIBUTES - {"__validate__"})),
                ),
                node,
            )
        if node.get("scale", "day") not in ("day", "week", "month"):
            self._raise_view_error(
                self.env._("The scale of a dispatch board is day, week or month."), node
            )
        if any(True for _child in node.iterchildren(tag=etree.Element)):
            self._raise_view_error(self.env._("A dispatch board has no content."), node)
