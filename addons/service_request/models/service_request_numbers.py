from collections import Counter

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
        # some learn from their machine whose they are, some came with a number
        requests.filtered(lambda r: not r.customer_number)._set_customer_numbers()
        return requests

    def write(self, vals):
        moved = self.filtered(lambda r: vals.get("partner_id", r.partner_id.id) != r.partner_id.id)
        before = {request: (request.customer_number, request.partner_id) for request in moved}
        result = super().write(vals)
        moved._set_customer_numbers()
        moved._log_moved_numbers(before)
        return result

    @api.model
    def _add_numbers(self, company, vals_list):
        """The query that draws the numbers of the requests draws those of the customers, too."""
        sequences = self.env["ir.sequence"]
        drawing = sequences._get_batch_sql(self._name, company, len(vals_list))
        known = [vals for vals in vals_list if vals.get("partner_id")]
        if not drawing or not known:
            super()._add_numbers(company, vals_list)
            return
        numbers = self._add_customer_numbers(known, drawing)
        names = sequences._format_batch(self._name, company, numbers)
        for vals, name in zip(vals_list, names, strict=True):
            vals["name"] = name

    @api.model
    def _add_customer_numbers(self, vals_list, drawing=None):
        """Put the next number of its customer, and what is made of it, into the values of each.

        :param drawing: SQL that is to be evaluated by the same query
        :return: the result of ``drawing``
        """
        partners = self.env["res.partner"]
        counts = Counter(vals["partner_id"] for vals in vals_list)
        last, drawn = partners._next_service_request_numbers(counts, drawing)
        for vals in reversed(vals_list):
            customer = partners.browse(vals["partner_id"])
            company = self.env["res.company"].browse(vals.get("company_id")) or self.env.company
            vals["customer_number"] = last[customer.id]
            if company.service_customer_number_auto:
                vals["customer_ref"] = self._format_customer_ref(
                    company, customer, last[customer.id]
                )
            last[customer.id] -= 1
        return drawn

    def _set_customer_numbers(self):
        """Number requests that exist, those of each customer in the order of their creation."""
        numbered = self.filtered("partner_id").sorted("id")
        vals_list = [
            {"partner_id": request.partner_id.id, "company_id": request.company_id.id}
            for request in numbered
        ]
        self._add_customer_numbers(vals_list)
        for request, vals in zip(numbered, vals_list, strict=True):
            numbers = {"customer_number", "customer_ref"} & vals.keys()
            request.write({name: vals[name] for name in numbers})

    @api.model
    def _format_customer_ref(self, company, customer, number):
        """Beginning of the customer code, and the number."""
        length = company.service_customer_number_prefix_length
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
            request.customer_ref = self._format_customer_ref(
                request.company_id, request.partner_id, request.customer_number
            )
        return True
