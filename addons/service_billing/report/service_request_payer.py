from odoo import fields, models
from odoo.tools import SQL
from odoo.tools.sql import drop_view_if_exists


class ServiceRequestPayer(models.Model):
    """Who pays how much of a request: the amounts of a request make all that it consumed."""

    _name = "service.request.payer"
    _description = "Payer of a Request"
    _auto = False
    _order = "request_id, id"
    _rec_name = "partner_id"
    # what a reading of this view has to be up to date
    _depends = {
        "service.consumption": [
            "request_id",
            "bill_to_id",
            "covered_by_id",
            "amount_consumed",
            "amount_to_invoice",
            "amount_borne",
            "amount_covered",
            "amount_third_party",
            "is_bill_to_invoiced",
            "is_covered_by_invoiced",
            "state",
        ],
        "service.request": ["invoice_partner_id", "coverage"],
    }

    request_id = fields.Many2one("service.request", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Payer", readonly=True)
    role = fields.Selection(
        [
            ("customer", "Customer"),
            ("other", "Other Payer"),
            ("third_party", "Third Party"),
            ("own", "Covered by Us"),
            ("goodwill", "Goodwill"),
            ("sale", "Sales Order"),
            ("points", "Points"),
        ],
        string="As",
        readonly=True,
    )
    amount = fields.Monetary(readonly=True, help="Untaxed, or with taxes as the request says.")
    amount_open = fields.Monetary(
        string="Not Invoiced Yet", readonly=True, help="What no invoice in force bills yet."
    )

    def init(self):
        drop_view_if_exists(self.env.cr, self._table)
        self.env.cr.execute(
            SQL("CREATE VIEW %s AS (%s)", SQL.identifier(self._table), self._query_payers())
        )

    def _query_payers(self):
        return SQL(
            """
            SELECT MIN(4 * c.id::bigint + share.number) AS id,
                   c.request_id, c.company_id, r.currency_id, share.partner_id, share.role,
                   SUM(share.amount) AS amount,
                   SUM(CASE WHEN share.is_open THEN share.amount ELSE 0 END) AS amount_open
              FROM service_consumption c
              JOIN service_request r ON r.id = c.request_id
              JOIN res_company company ON company.id = c.company_id
                   %(own)s
        CROSS JOIN LATERAL (VALUES
                   (0, CASE WHEN c.bill_to_id = r.invoice_partner_id THEN 'customer'
                            ELSE 'other' END,
                    c.bill_to_id, c.amount_to_invoice, c.is_bill_to_invoiced IS NOT TRUE),
                   (1, 'third_party',
                    c.covered_by_id, c.amount_covered, c.is_covered_by_invoiced IS NOT TRUE),
                   (2, way.name,
                    CASE WHEN way.name IN ('own', 'goodwill') THEN company.partner_id
                         ELSE r.partner_id END,
                    own.borne, FALSE),
                   (3, 'goodwill',
                    company.partner_id,
                    c.amount_consumed - COALESCE(c.amount_to_invoice, 0)
                    - COALESCE(c.amount_borne, 0) - COALESCE(c.amount_third_party, 0), FALSE)
                   ) share (number, role, partner_id, amount, is_open)
             WHERE c.state != 'cancelled' AND share.amount != 0
          GROUP BY c.request_id, c.company_id, r.currency_id, share.partner_id, share.role
            """,
            own=self.env["service.billing.balance"]._query_own(),
        )
