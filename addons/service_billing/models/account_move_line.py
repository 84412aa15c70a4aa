from odoo import fields, models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    service_consumption_ids = fields.Many2many(
        "service.consumption",
        "service_consumption_invoice_line_rel",
        "invoice_line_id",
        "consumption_id",
        string="Consumptions",
        readonly=True,
        copy=False,
    )

    def _copy_data_extend_business_fields(self, values):
        """An invoice that replaces a credited one bills the same consumptions."""
        result = super()._copy_data_extend_business_fields(values)
        values["service_consumption_ids"] = [fields.Command.set(self.service_consumption_ids.ids)]
        return result

    def _bills_service(self):
        """Whether this line bills its consumptions: its invoice is in force."""
        self.ensure_one()
        move = self.move_id
        return (
            move.move_type == "out_invoice"
            and move.state != "cancel"
            and move.payment_state != "reversed"
        )
