from odoo import api, fields, models
from odoo.exceptions import UserError


class ServiceRequest(models.Model):
    """The numbers by which a customer and we speak of a request."""

    _inherit = "service.request"

    customer_number = fields.Integer(
        readonly=True,
        copy=False,
        help="Chronological number of this customer's requests: a hole reveals a deleted one.",
    )
    customer_ref = fields.Char(
        string="Customer Reference",
        copy=False,
        index="trigram",
        help="Short number to give to the customer, or the one under which the customer manages "
        "the problem.",
    )
    customer_ref_auto = fields.Boolean(related="company_id.service_customer_number_auto")

    @api.model_create_multi
    def create(self, vals_list):
        requests = super().create(vals_list)
        requests._set_customer_numbers()
        return requests

    def write(self, vals):
        moved = self.filtered(lambda r: vals.get("partner_id", r.partner_id.id) != r.partner_id.id)
        before = {request: (request.customer_number, request.partner_id) for request in moved}
        result = super().write(vals)
        moved._set_customer_numbers()
        moved._log_moved_numbers(before)
        return result

    def _set_customer_numbers(self):
        """Number the requests of each customer in the order of their creation."""
        by_partner = self.filtered("partner_id").grouped("partner_id")
        last = self.env["res.partner"]._next_service_request_numbers(
            {partner.id: len(requests) for partner, requests in by_partner.items()}
        )
        for partner, requests in by_partner.items():
            first = last[partner.id] - len(requests) + 1
            for number, request in enumerate(requests.sorted("id"), first):
                values = {"customer_number": number}
                if request.customer_ref_auto:
                    values["customer_ref"] = request._get_customer_ref(number)
                request.write(values)

    def _get_customer_ref(self, number):
        """Beginning of the customer code, and the number."""
        length = self.company_id.service_customer_number_prefix_length
        customer = self.partner_id
        code = customer.commercial_partner_id.customer_code or customer.name or ""
        prefix = "".join(filter(str.isalnum, code)).upper()[: max(length, 0)]
        return f"{prefix}{number}"

    def _log_moved_numbers(self, before):
        """Say on the requests which number of which customer they left, so that no hole is odd.

        :param before: ``{request: (number, customer)}`` before the customer changed
        """
        moved = self.filtered(lambda r: before[r][0])
        if not moved:
            return
        moved._message_log_batch(
            {
                request.id: self.env._(
                    "Was number %(number)s of %(customer)s; it moved to another customer.",
                    number=before[request][0],
                    customer=before[request][1].display_name,
                )
                for request in moved
            }
        )

    def action_propose_customer_ref(self):
        """Fill the customer reference from the customer code and the number of the request.

        :raise UserError: when a request has no customer yet
        """
        nameless = self.filtered(lambda r: not r.partner_id)
        if nameless:
            raise UserError(
                self.env._(
                    "Name the customer of %(requests)s first.",
                    requests=", ".join(nameless.mapped("name")),
                )
            )
        for request in self:
            request.customer_ref = request._get_customer_ref(request.customer_number)
        return True
