from odoo import api, models
from odoo.tools import SQL


class IrSequence(models.Model):
    _inherit = "ir.sequence"

    @api.model
    def _next_batch(self, code, company, count):
        """Draw ``count`` numbers of one sequence in a constant number of queries.

        :param code: code of the sequence
        :param company: res.company; its own sequence goes before the shared one
        :param count: how many numbers
        :return: list of ``count`` formatted numbers
        """
        sequence = self.sudo().search_fetch(
            [("code", "=", code), ("company_id", "in", [company.id, False])],
            ["implementation", "padding", "prefix", "suffix", "use_date_range"],
            order="company_id",
            limit=1,
        )
        if sequence.use_date_range or sequence.implementation != "standard":
            return [sequence._next() for _number in range(count)]
        numbers = self.env.execute_query(
            SQL(
                "SELECT nextval(%s) FROM generate_series(1, %s)",
                f"ir_sequence_{sequence.id:03d}",
                count,
            )
        )
        prefix, suffix = sequence._get_prefix_suffix()
        return [f"{prefix}{number:0{sequence.padding}d}{suffix}" for (number,) in numbers]
