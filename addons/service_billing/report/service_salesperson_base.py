from odoo import fields, models
from odoo.tools import SQL


class ServiceSalespersonBase(models.Model):
    """What salespersons sold by service invoices: two of them share the amount equally."""

    _name = "service.salesperson.base"
    _description = "Salesperson's Base"
    _auto = False
    _order = "invoice_date desc, id"

    move_id = fields.Many2one("account.move", string="Invoice", readonly=True)
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    invoice_date = fields.Date(readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    share = fields.Float(readonly=True, aggregator=None)
    amount = fields.Monetary(
        string="Base", readonly=True, help="Untaxed, in the currency of the company."
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT rel.move_id::bigint * 1000000 + rel.user_id AS id, rel.move_id, rel.user_id,
                   move.partner_id, move.invoice_date, move.company_id, company.currency_id,
                   1.0 / crowd.size AS share, move.amount_untaxed_signed / crowd.size AS amount
              FROM account_move_service_salesperson_rel rel
              JOIN account_move move ON move.id = rel.move_id
              JOIN res_company company ON company.id = move.company_id
        CROSS JOIN LATERAL (
                   SELECT COUNT(*) AS size
                     FROM account_move_service_salesperson_rel other
                    WHERE other.move_id = rel.move_id
                   ) crowd
             WHERE move.state = 'posted'
            """
        )
