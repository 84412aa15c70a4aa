from odoo import fields, models
from odoo.tools import SQL


class ServiceBillingBalance(models.Model):
    """Where the value of each done consumption went: nothing is forgotten, nothing billed twice.

    What is invoiced is counted from the invoice lines in force, what waits from the consumption:
    the two disagree, and ``difference`` shows it, if anything is billed twice or forgotten.
    """

    _name = "service.billing.balance"
    _description = "Balance of What Was Consumed"
    _auto = False
    _order = "request_id desc, id"

    consumption_id = fields.Many2one("service.consumption", readonly=True)
    request_id = fields.Many2one("service.request", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    contract_id = fields.Many2one("service.contract", readonly=True)
    done_date = fields.Datetime(string="Done on", readonly=True)
    amount_consumed = fields.Monetary(string="Consumed", readonly=True)
    amount_own = fields.Monetary(
        string="Covered by Us", readonly=True, help="By a warranty or a maintenance contract."
    )
    amount_third_party = fields.Monetary(
        string="Covered by Others",
        readonly=True,
        help="The share of an insurer, lessor or landlord, invoiced to them or not yet.",
    )
    amount_invoiced = fields.Monetary(
        string="On Invoices", readonly=True, help="Of the customer, as long as they are in force."
    )
    amount_to_invoice = fields.Monetary(string="To Invoice", readonly=True)
    amount_sale = fields.Monetary(string="On Sales Orders", readonly=True)
    amount_goodwill = fields.Monetary(
        string="Goodwill",
        readonly=True,
        help="Given free without a promise, by the coverage or by an amount typed by hand.",
    )
    amount_points = fields.Monetary(string="Paid by Points", readonly=True)
    difference = fields.Monetary(
        readonly=True, help="Anything but zero is an error: something is billed twice or forgotten."
    )

    def action_view_request(self):
        """Open the request that used this."""
        return self.request_id._get_records_action(name=self.env._("Request"))

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT *, ROUND(
                       amount_consumed - amount_own - amount_third_party - amount_invoiced
                       - amount_to_invoice - amount_sale - amount_goodwill - amount_points, 6
                   ) AS difference
              FROM (
                SELECT c.id,
                       c.id AS consumption_id,
                       c.request_id,
                       r.partner_id,
                       c.company_id,
                       r.currency_id,
                       c.product_id,
                       c.contract_id,
                       c.done_date,
                       COALESCE(c.amount_consumed, 0) AS amount_consumed,
                       COALESCE(c.amount_to_invoice, 0) * billed.customer AS amount_invoiced,
                       COALESCE(c.amount_open, 0) - third.open AS amount_to_invoice,
                       COALESCE(c.amount_covered, 0) * billed.third_party + third.open
                           AS amount_third_party,
                       CASE WHEN way.name = 'own' THEN own.borne ELSE 0 END AS amount_own,
                       CASE WHEN way.name = 'sale' THEN own.borne ELSE 0 END AS amount_sale,
                       CASE WHEN way.name = 'points' THEN own.borne ELSE 0 END AS amount_points,
                       CASE WHEN way.name = 'goodwill' THEN own.borne ELSE 0 END
                           + COALESCE(c.amount_consumed, 0) - COALESCE(c.amount_to_invoice, 0)
                           - COALESCE(c.amount_borne, 0) AS amount_goodwill
                  FROM service_consumption c
                  JOIN service_request r ON r.id = c.request_id
             LEFT JOIN service_request_component k ON k.id = c.component_line_id
             LEFT JOIN service_request_equipment e ON e.id = c.equipment_line_id
             LEFT JOIN service_contract t ON t.id = c.contract_id
             LEFT JOIN sale_order_line s ON s.id = c.sale_line_id
            CROSS JOIN LATERAL (
                       SELECT COUNT(*) FILTER (WHERE l.service_share = 'bill_to') AS customer,
                              COUNT(*) FILTER (WHERE l.service_share = 'covered_by') AS third_party
                         FROM service_consumption_invoice_line_rel rel
                         JOIN account_move_line l ON l.id = rel.invoice_line_id
                         JOIN account_move m ON m.id = l.move_id
                        WHERE rel.consumption_id = c.id
                          AND m.move_type = 'out_invoice'
                          AND m.state != 'cancel'
                          AND COALESCE(m.payment_state, '') != 'reversed'
                          AND NOT EXISTS (
                              SELECT 1
                                FROM service_consumption_invoice_line_rel back_rel
                                JOIN account_move_line back ON back.id = back_rel.invoice_line_id
                                JOIN account_move credit ON credit.id = back.move_id
                               WHERE back_rel.consumption_id = c.id
                                 AND back.service_share = l.service_share
                                 AND credit.reversed_entry_id = m.id
                                 AND credit.state = 'posted'
                              HAVING SUM(back.price_subtotal) >= l.price_subtotal
                          )
                       ) billed
            CROSS JOIN LATERAL (
                       SELECT CASE WHEN c.is_covered_by_invoiced THEN 0
                                   ELSE COALESCE(c.amount_covered, 0) END AS open
                       ) third
            CROSS JOIN LATERAL (
                       SELECT COALESCE(c.amount_borne, 0) - COALESCE(c.amount_covered, 0) AS borne
                       ) own
            CROSS JOIN LATERAL (
                       SELECT CASE
                              WHEN decided = 'goodwill' THEN 'goodwill'
                              WHEN decided = 'sale' AND s.state = 'sale' THEN 'sale'
                              WHEN decided IN ('sale', 'contract') AND c.contract_id IS NULL
                              THEN 'goodwill'
                              WHEN t.kind = 'points' THEN 'points'
                              ELSE 'own' END AS name
                         FROM (SELECT COALESCE(k.coverage, e.coverage, r.coverage) AS decided) d
                       ) way
                 WHERE c.state = 'done'
              ) balance
            """
        )
