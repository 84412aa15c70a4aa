from odoo import fields, models
from odoo.tools import SQL


class ServiceMargin(models.Model):
    """What service brings in and costs: each done consumption, each instalment, each usage.

    From the closing on with the prices of the request, exact once it is invoiced. What accounting
    added to the invoice of a request belongs to its consumptions; what it added to an invoice of
    contracts stands here by itself.
    """

    _name = "service.margin"
    _description = "Service Margin"
    _auto = False
    _order = "date desc, id"

    origin = fields.Selection(
        [
            ("consumption", "Consumption"),
            ("instalment", "Instalment"),
            ("usage", "Usage"),
            ("added", "Added to an Invoice"),
        ],
        readonly=True,
    )
    date = fields.Date(readonly=True)
    request_id = fields.Many2one("service.request", readonly=True)
    contract_id = fields.Many2one("service.contract", readonly=True)
    equipment_id = fields.Many2one("service.equipment", string="Machine", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    agency_id = fields.Many2one("service.agency", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    kind = fields.Selection(
        [("part", "Part"), ("labor", "Labour"), ("travel", "Travel")], readonly=True
    )
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    revenue = fields.Monetary(readonly=True)
    cost_part = fields.Monetary(string="Parts", readonly=True)
    cost_labor = fields.Monetary(string="Labour", readonly=True)
    cost_travel = fields.Monetary(string="Travel", readonly=True)
    cost_external = fields.Monetary(string="Subcontracting", readonly=True)
    recovered = fields.Monetary(
        string="Recovered from Suppliers", readonly=True, help="What suppliers accepted."
    )
    margin = fields.Monetary(
        readonly=True,
        help="Revenue less parts, labour, travel and subcontracting, plus what suppliers pay back.",
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT *, revenue - cost_part - cost_labor - cost_travel - cost_external + recovered
                      AS margin
              FROM (%s UNION ALL %s UNION ALL %s UNION ALL %s) source
            """,
            self._query_consumptions(),
            self._query_periods(
                "instalment",
                1,
                "service_contract_instalment",
                "date_due",
                SQL(
                    """
                    SELECT id FROM account_move_line WHERE service_instalment_id = p.id
                     UNION
                    SELECT invoice_line_id FROM sale_order_line_invoice_rel
                     WHERE p.is_on_order AND order_line_id = t.sale_line_id
                    """
                ),
            ),
            self._query_periods(
                "usage",
                2,
                "service_usage_line",
                "date_to",
                SQL("SELECT id FROM account_move_line WHERE service_usage_line_id = p.id"),
            ),
            self._query_added(),
        )

    def _query_consumptions(self):
        return SQL(
            """
            SELECT c.id::bigint * 4 AS id, 'consumption' AS origin,
                   (c.done_date AT TIME ZONE 'UTC' AT TIME ZONE agency.tz)::date AS date,
                   c.request_id, c.contract_id, e.equipment_id, r.partner_id, r.agency_id,
                   c.product_id, c.kind, c.company_id, company.currency_id,
                   COALESCE(c.amount_revenue, 0) AS revenue,
                   CASE WHEN own AND c.kind = 'part' THEN cost ELSE 0 END AS cost_part,
                   CASE WHEN own AND c.kind = 'labor' THEN cost ELSE 0 END AS cost_labor,
                   CASE WHEN own AND c.kind = 'travel' THEN cost ELSE 0 END AS cost_travel,
                   CASE WHEN own THEN 0 ELSE cost END AS cost_external,
                   COALESCE(c.amount_recovered, 0) AS recovered
              FROM service_consumption c
              JOIN service_request r ON r.id = c.request_id
              JOIN service_agency agency ON agency.id = r.agency_id
              JOIN res_company company ON company.id = c.company_id
         LEFT JOIN service_request_equipment e ON e.id = c.equipment_line_id
        CROSS JOIN LATERAL (
                   SELECT c.performer_type = 'internal' AS own, COALESCE(c.amount_cost, 0) AS cost
                   ) spent
             WHERE c.state = 'done' AND r.state = 'closed'
            """
        )

    def _query_periods(self, origin, number, table, date, billed):
        """What contracts bill by period: what their invoices and credit notes say.

        :param billed: query of the ids of the invoice lines of a period ``p``
        """
        return SQL(
            """
            SELECT p.id::bigint * 4 + %(number)s, %(origin)s, p.%(date)s,
                   NULL::int, p.contract_id, NULL::int, t.partner_id, t.agency_id,
                   t.product_id, NULL, p.company_id, company.currency_id,
                   billed.revenue, 0, 0, 0, 0, 0
              FROM %(table)s p
              JOIN service_contract t ON t.id = p.contract_id
              JOIN res_company company ON company.id = p.company_id
        CROSS JOIN LATERAL (
                   SELECT -SUM(l.balance) AS revenue
                     FROM account_move_line l
                    WHERE l.id IN (%(billed)s) AND l.parent_state != 'cancel'
                   ) billed
             WHERE billed.revenue != 0
            """,
            number=number,
            origin=origin,
            table=SQL.identifier(table),
            date=SQL.identifier(date),
            billed=billed,
        )

    def _query_added(self):
        """What stands on invoices and credit notes of contracts and bills none of their periods.

        It belongs to the contract, where the invoice bills only one.
        """
        return SQL(
            """
            SELECT l.id::bigint * 4 + 3, 'added', COALESCE(m.invoice_date, m.date),
                   NULL::int, t.id, NULL::int, COALESCE(t.partner_id, m.partner_id), t.agency_id,
                   l.product_id, NULL, m.company_id, company.currency_id,
                   -l.balance, 0, 0, 0, 0, 0
              FROM (
                   SELECT move_id, MIN(contract_id) AS first, MAX(contract_id) AS last
                     FROM (
                          SELECT l.move_id, COALESCE(i.contract_id, u.contract_id) AS contract_id
                            FROM account_move_line l
                            JOIN account_move o ON o.id = l.move_id AND o.reversed_entry_id IS NULL
                       LEFT JOIN service_contract_instalment i ON i.id = l.service_instalment_id
                       LEFT JOIN service_usage_line u ON u.id = l.service_usage_line_id
                           WHERE l.service_instalment_id IS NOT NULL
                              OR l.service_usage_line_id IS NOT NULL
                          ) line
                 GROUP BY move_id
                   ) billed
              JOIN account_move m
                ON m.id = billed.move_id OR m.reversed_entry_id = billed.move_id
              JOIN account_move_line l ON l.move_id = m.id
              JOIN res_company company ON company.id = m.company_id
         LEFT JOIN service_contract t ON t.id = billed.first AND billed.first = billed.last
             WHERE m.state != 'cancel'
               AND l.display_type = 'product'
               AND l.service_instalment_id IS NULL
               AND l.service_usage_line_id IS NULL
               AND l.balance != 0
               AND NOT EXISTS (SELECT FROM sale_order_line_invoice_rel
                                WHERE invoice_line_id = l.id)
            """
        )
