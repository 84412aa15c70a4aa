from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date


class ServiceContract(models.Model):
    """How the price of a contract follows an index."""

    _inherit = "service.contract"

    index_base_value = fields.Float(
        string="Index at the Start",
        digits=(16, 4),
        compute="_compute_index_base_value",
        store=True,
        readonly=False,
        precompute=True,
        copy=False,
        help="What the index was worth when the price was agreed. The next price is this price × "
        "the index then / this value.",
    )

    @api.depends("index_id", "date_start")
    def _compute_index_base_value(self):
        for contract in self:
            contract.index_base_value = contract.index_id._get_value(contract.date_start)

    def _get_indexed_price(self, date):
        """The price of one invoicing interval on a day: price × index(date) / index(base).

        :param date: the day whose index counts
        :return: amount in the currency of the contract, rounded; the price itself without an index
        :raise UserError: when the index has no value for that day, or the contract has none
        """
        self.ensure_one()
        if not self.index_id:
            return self.price
        factor = self._get_index_factor(date)
        if not factor:
            raise UserError(
                self.env._(
                    "The price of %(contract)s follows the index « %(index)s », which has no value "
                    "for %(date)s or for its start: enter the values of the index, or the value "
                    "at the start on the contract.",
                    contract=self.name,
                    index=self.index_id.name,
                    date=format_date(self.env, date),
                )
            )
        return self.currency_id.round(self.price * factor)

    def _get_price_for_owner(self, date):
        """The price that a new owner takes over: as it is on a day, by the index where known."""
        self.ensure_one()
        return self.currency_id.round(self.price * (self._get_index_factor(date) or 1.0))

    def _get_index_factor(self, date):
        """Index on a day / index at the start; 0 when one of them is unknown."""
        self.ensure_one()
        base = self.index_base_value
        return self.index_id._get_value(date) / base if base else 0.0

    def _get_price_on(self, day):
        """The price of an invoicing interval that begins on a day.

        As agreed for a year, then at the index of each anniversary of the start.

        :raise UserError: see :meth:`_get_indexed_price`
        """
        self.ensure_one()
        years = relativedelta(day, self.date_start).years
        if years < 1:
            return self.price
        return self._get_indexed_price(self.date_start + relativedelta(years=years))
