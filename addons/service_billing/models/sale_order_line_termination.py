from odoo import fields, models
from odoo.tools.misc import format_date, formatLang


class SaleOrderLine(models.Model):
    """An order bills the first period of the contract that it sold, unless that ends early."""

    _inherit = "sale.order.line"

    service_whole_price = fields.Float(
        string="Price of the Whole Period",
        readonly=True,
        copy=False,
        help="The unit price before the contract that this line sold was terminated: the line "
        "bills the days until then only.",
    )

    def _bill_until_termination(self, contract, share):
        """Bill a share of this line only, or let the salesperson see to it.

        :param contract: the service.contract that it sold
        :param share: what the days before the termination are of the period, from 0 to 1
        """
        self.ensure_one()
        if self.state != "sale" or not self.price_subtotal:
            return
        order, whole = self.order_id, self.price_subtotal
        if order.locked or self.qty_invoiced:
            self._ask_to_correct(contract, whole * (1 - share))
            return
        self.service_whole_price = self.price_unit
        self.price_unit *= share
        order.message_post(
            body=self.env._(
                "%(contract)s is terminated on %(date)s, before it was invoiced: the line "
                "« %(line)s » bills %(amount)s instead of %(whole)s.",
                contract=contract._get_html_link(),
                date=format_date(self.env, contract.termination_date),
                line=self.product_id.display_name,
                amount=formatLang(self.env, self.price_subtotal, currency_obj=self.currency_id),
                whole=formatLang(self.env, whole, currency_obj=self.currency_id),
            )
        )

    def _ask_to_correct(self, contract, excess):
        """Tell the salesperson what this order bills too much, where it may not be changed."""
        order = self.order_id
        user = order.user_id or contract.user_id or self.env.user
        env = self.with_context(lang=user.lang).env
        order.activity_schedule(
            "mail.mail_activity_data_todo",
            user_id=user.id,
            summary=env._(
                "%(order)s bills %(amount)s too much",
                order=order.name,
                amount=formatLang(env, excess, currency_obj=self.currency_id),
            ),
            note=env._(
                "%(contract)s is terminated on %(date)s. Lower the price of the line « %(line)s » "
                "by %(amount)s before it is invoiced, or credit what was invoiced.",
                contract=contract.name,
                date=format_date(env, contract.termination_date),
                line=self.product_id.with_env(env).display_name,
                amount=formatLang(env, excess, currency_obj=self.currency_id),
            ),
        )

    def _bill_whole_period(self):
        """The termination was withdrawn: bill all again, where nothing was invoiced in between."""
        for line in self.filtered(lambda line: line.service_whole_price and not line.qty_invoiced):
            line.write({"price_unit": line.service_whole_price, "service_whole_price": 0})
