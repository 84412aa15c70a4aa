from odoo import fields, models
from odoo.tools import SQL
from odoo.tools.sql import drop_view_if_exists


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
        string="On Invoices",
        readonly=True,
        help="What the customer's invoices in force say, less their credit notes.",
    )
    amount_changed = fields.Monetary(
        string="Changed on Invoices",
        readonly=True,
        help="What accounting took off, or put on (negative), when it changed a draft or gave back "
        "a part by a credit note.",
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

    def init(self):
        """A view of the database: auditors read it without Odoo."""
        drop_view_if_exists(self.env.cr, self._table)
        self.env.cr.execute(
            SQL("CREATE VIEW %s AS (%s)", SQL.identifier(self._table), self._query_balance())
        )

    def _query_balance(self):
        return SQL(
            """
            SELECT *, ROUND(
                       amount_consumed - amount_own - amount_third_party - amount_invoiced
                       - amount_changed - amount_to_invoice - amount_sale - amount_goodwill
                       - amount_points, 6
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
                       billed.customer_said AS amount_invoiced,
                       COALESCE(c.amount_to_invoice, 0) * billed.customer - billed.customer_said
                           + COALESCE(c.amount_covered, 0) * billed.third_party
                           - billed.third_party_said AS amount_changed,
                       COALESCE(c.amount_open, 0) - third.open AS amount_to_invoice,
                       billed.third_party_said + third.open AS amount_third_party,
                       CASE WHEN way.name = 'own' THEN own.borne ELSE 0 END AS amount_own,
                       CASE WHEN way.name = 'sale' THEN own.borne ELSE 0 END AS amount_sale,
                       CASE WHEN way.name = 'points' THEN own.borne ELSE 0 END AS amount_points,
                       CASE WHEN way.name = 'goodwill' THEN own.borne ELSE 0 END
                           + COALESCE(c.amount_consumed, 0) - COALESCE(c.amount_to_invoice, 0)
                           - COALESCE(c.amount_borne, 0) - COALESCE(c.amount_third_party, 0)
                           AS amount_goodwill
                  FROM service_consumption c
                  JOIN service_request r ON r.id = c.request_id
            CROSS JOIN LATERAL %(billed)s billed
            CROSS JOIN LATERAL (
                       SELECT CASE WHEN c.is_covered_by_invoiced THEN 0
                                   ELSE COALESCE(c.amount_covered, 0) END AS open
                       ) third
            %(own)s
                 WHERE c.state = 'done'
              ) balance
            """,
            billed=self._query_billed(),
            own=self._query_own(),
        )

    def _query_own(self):
        """What of consumption ``c`` of request ``r`` we bear ourselves, and in which way.

        :return: joins that give ``own.borne`` and ``way.name``
        """
        return SQL(
            """
             LEFT JOIN service_request_component k ON k.id = c.component_line_id
             LEFT JOIN service_request_equipment e ON e.id = c.equipment_line_id
             LEFT JOIN service_contract t ON t.id = c.contract_id
             LEFT JOIN sale_order_line s ON s.id = c.sale_line_id
            CROSS JOIN LATERAL (
                       SELECT COALESCE(c.amount_borne, 0) - COALESCE(c.amount_covered, 0)
                              + COALESCE(c.amount_third_party, 0) AS borne
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
            """
        )

    def _query_billed(self):
        """How many lines in force bill each share of consumption ``c``, and what they say."""
        return SQL(
            """(
            SELECT COUNT(*) FILTER (WHERE share = 'bill_to') AS customer,
                   COUNT(*) FILTER (WHERE share = 'covered_by') AS third_party,
                   COALESCE(ROUND(SUM(said) FILTER (WHERE share = 'bill_to'), 6), 0)
                       AS customer_said,
                   COALESCE(ROUND(SUM(said) FILTER (WHERE share = 'covered_by'), 6), 0)
                       AS third_party_said
              FROM (
                SELECT l.service_share AS share,
                       (%(line)s - COALESCE(back.said, 0)) * CASE l.service_share
                           WHEN 'bill_to' THEN c.amount_to_invoice / NULLIF(joined.customer, 0)
                           ELSE c.amount_covered / NULLIF(joined.third_party, 0) END AS said
                  FROM service_consumption_invoice_line_rel rel
                  JOIN account_move_line l ON l.id = rel.invoice_line_id
                  JOIN account_move m ON m.id = l.move_id
                  JOIN res_currency currency ON currency.id = l.currency_id
            CROSS JOIN LATERAL (
                       SELECT SUM(o.amount_to_invoice) AS customer,
                              SUM(o.amount_covered) AS third_party
                         FROM service_consumption_invoice_line_rel other
                         JOIN service_consumption o ON o.id = other.consumption_id
                        WHERE other.invoice_line_id = l.id
                       ) joined
            CROSS JOIN LATERAL (
                       SELECT SUM(b.price_subtotal) AS untaxed, SUM(%(credit)s) AS said
                         FROM service_consumption_invoice_line_rel back_rel
                         JOIN account_move_line b ON b.id = back_rel.invoice_line_id
                         JOIN account_move credit ON credit.id = b.move_id
                        WHERE back_rel.consumption_id = c.id
                          AND b.service_share = l.service_share
                          AND credit.reversed_entry_id = m.id
                          AND credit.state = 'posted'
                       ) back
                 WHERE rel.consumption_id = c.id
                   AND m.move_type = 'out_invoice'
                   AND m.state != 'cancel'
                   AND COALESCE(m.payment_state, '') != 'reversed'
                   AND (back.untaxed IS NULL OR back.untaxed < l.price_subtotal)
              ) lines
            )""",
            line=self._query_said("l"),
            credit=self._query_said("b"),
        )

    def _query_said(self, line):
        """What an invoice line says, with or without taxes as the request says it.

        Where taxes are rounded over the whole invoice, Odoo shows a cent on a line that the
        invoice does not charge: then its price counts.
        """
        return SQL(
            """
            CASE WHEN NOT r.price_included THEN %(line)s.price_subtotal
                 WHEN %(line)s.extra_tax_data IS NULL
                      AND ABS(%(line)s.price_total - %(price)s) <= currency.rounding THEN %(price)s
                 ELSE %(line)s.price_total END
            """,
            line=SQL.identifier(line),
            price=SQL(
                """ROUND(
                    (%(line)s.price_unit * %(line)s.quantity * (1 - %(line)s.discount / 100)
                    )::numeric, currency.decimal_places)""",
                line=SQL.identifier(line),
            ),
        )
