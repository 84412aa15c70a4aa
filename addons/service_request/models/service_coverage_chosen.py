from odoo import api, models
from odoo.exceptions import ValidationError


class ServiceCoverageMixin(models.AbstractModel):
    """What is chosen by hand must be the customer's own: a contract or a confirmed order."""

    _inherit = "service.coverage.mixin"

    @api.constrains("coverage_contract_id", "coverage_sale_id")
    def _check_chosen_coverage(self):
        for record in self:
            request = record._get_request()
            parties = request._get_coverage_parties()
            # whose a contract or an order is, is no secret to who decides about it
            contract_sudo = record.coverage_contract_id.sudo()
            order_sudo = record.coverage_sale_id.sudo()
            for document, owners in (
                (contract_sudo, contract_sudo.party_ids),
                (order_sudo, order_sudo.partner_id.commercial_partner_id),
            ):
                if document and not owners & parties:
                    raise ValidationError(
                        self.env._(
                            "%(document)s is of %(owner)s: choose one of %(customer)s for "
                            "%(request)s.",
                            document=document.name,
                            owner=document.partner_id.name,
                            customer=request.partner_id.display_name,
                            request=request.name,
                        )
                    )
            if order_sudo and order_sudo.state != "sale":
                raise ValidationError(
                    self.env._(
                        "%(order)s is not confirmed: only a confirmed order covers %(request)s.",
                        order=order_sudo.name,
                        request=request.name,
                    )
                )
