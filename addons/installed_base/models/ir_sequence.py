from odoo import api, models, tools
from odoo.tools import SQL


class IrSequence(models.Model):
    _name = "ir.sequence"
    _inherit = ["ir.sequence", "service.cached"]

    @api.model
    def _next_batch(self, code, company, count):
        """Draw ``count`` numbers of one sequence in a constant number of queries.

        :param code: code of the sequence
        :param company: res.company; its own sequence goes before the shared one
        :param count: how many numbers
        :return: list of ``count`` formatted numbers
        """
        drawing = self._get_batch_sql(code, company, count)
        if drawing:
            [(numbers,)] = self.env.execute_query(SQL("SELECT %s", drawing))
            return self._format_batch(code, company, numbers)
        sequence_id, *_format = self._find_batch(code, company.id)
        sequence_sudo = self.sudo().browse(sequence_id)
        return [sequence_sudo._next() for _number in range(count)]

    @api.model
    def _get_batch_sql(self, code, company, count):
        """SQL of an array of the next numbers, for a query that does something else besides.

        :return: None where the numbers cannot be drawn by a query
        """
        sequence_id, is_plain, *_format = self._find_batch(code, company.id)
        if not is_plain:
            return None
        return SQL(
            "ARRAY(SELECT nextval(%s) FROM generate_series(1, %s))",
            f"ir_sequence_{sequence_id:03d}",
            count,
        )

    @api.model
    def _format_batch(self, code, company, numbers):
        """The numbers that ``_get_batch_sql`` drew, as the sequence writes them."""
        sequence_id, _is_plain, prefix, suffix, padding = self._find_batch(code, company.id)
        if "%" in prefix + suffix:  # with a date
            prefix, suffix = self.sudo().browse(sequence_id)._get_prefix_suffix()
        return [f"{prefix}{number:0{padding}d}{suffix}" for number in numbers]

    @api.model
    @tools.ormcache("code", "company_id")
    def _find_batch(self, code, company_id):
        # every new machine, contract and request asks
        sequence = self.sudo().search(
            [("code", "=", code), ("company_id", "in", [company_id, False])],
            order="company_id",
            limit=1,
        )
        is_plain = sequence.implementation == "standard" and not sequence.use_date_range
        return sequence.id, is_plain, sequence.prefix or "", sequence.suffix or "", sequence.padding
