import io

import xlsxwriter

from odoo import fields, models
from odoo.tools import groupby
from odoo.tools.misc import format_date

from .service_consumption import SHARES


class AccountMove(models.Model):
    """The annex of a service invoice: what was done, for which end customer, when."""

    _inherit = "account.move"

    service_annex_id = fields.Many2one(
        "ir.attachment",
        readonly=True,
        copy=False,
        help="Spreadsheet that goes to the principal with the invoice.",
    )

    def _get_service_annex(self):
        """What this invoice bills, line by line; the amounts add up to its untaxed amount.

        :return: list of dicts ``customer``, ``request``, ``title``, ``machine``, ``date``,
            ``product``, ``quantity``, ``uom``, ``amount``, by customer, request and date
        """
        self.ensure_one()
        rows = []
        for line in self.invoice_line_ids.filtered(lambda line: line.display_type == "product"):
            own = [
                self._prepare_annex_row(consumption, line)
                for consumption in line.service_consumption_ids
            ]
            rest = line.price_subtotal - sum(row["amount"] for row in own)
            # footer charges, and what somebody changed on the draft
            if not self.currency_id.is_zero(rest):
                own.append(self._prepare_annex_rest(line, rest))
            rows += own
        return sorted(rows, key=lambda row: (row["customer"], row["request"], row["date"] or ""))

    def _prepare_annex_row(self, consumption, line):
        request = consumption.request_id
        amount = consumption[SHARES[line.service_share][1]] if line.service_share else 0.0
        return {
            "customer": request.partner_id.name or "",
            "request": request.name,
            "title": request.title,
            "machine": consumption.equipment_line_id.equipment_id.display_name or "",
            "date": str(consumption._get_done_day()),
            "product": consumption.product_id.display_name,
            "quantity": consumption.quantity,
            "uom": consumption.uom_id.name,
            "amount": amount,
        }

    def _prepare_annex_rest(self, line, amount):
        requests = line.service_consumption_ids.request_id
        return {
            **dict.fromkeys(("request", "title", "machine", "date"), ""),
            "customer": requests.partner_id[:1].name or "",
            "product": line.name or line.product_id.display_name,
            "quantity": line.quantity,
            "uom": line.product_uom_id.name or "",
            "amount": amount,
        }

    def _get_service_annex_groups(self):
        """The annex by end customer: list of (customer, rows, amount)."""
        rows = self._get_service_annex()
        return [
            (customer, own, sum(row["amount"] for row in own))
            for customer, own in groupby(rows, key=lambda row: row["customer"])
        ]

    def _get_service_annex_period(self):
        """First and last day of the billed work, in words."""
        self.ensure_one()
        days = [row["date"] for row in self._get_service_annex() if row["date"]]
        if not days:
            return ""
        lang = self.partner_id.lang
        first, last = (
            format_date(self.env, fields.Date.to_date(day), lang_code=lang)
            for day in (min(days), max(days))
        )
        return first if first == last else f"{first} – {last}"

    # ------------------------------------------------------------ spreadsheet
    def _render_service_annex_xlsx(self):
        """The annex as a spreadsheet, in the language of the invoiced partner.

        :return: bytes
        """
        self.ensure_one()
        move = self.with_context(lang=self.partner_id.lang or self.env.lang)
        buffer = io.BytesIO()
        workbook = xlsxwriter.Workbook(
            buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        )
        bold = workbook.add_format({"bold": True})
        money = workbook.add_format({"num_format": "#,##0.00"})
        total = workbook.add_format({"bold": True, "num_format": "#,##0.00"})
        day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        sheet = workbook.add_worksheet(move.env._("Annex"))
        sheet.set_column(0, 8, 22)
        sheet.write_row(
            0,
            0,
            [move.env._("Invoice Number"), move.name or "", move.partner_id.display_name],
            bold,
        )
        sheet.write_row(1, 0, [move.env._("Period"), move._get_service_annex_period()], bold)
        titles = [
            move.env._("End Customer"),
            move.env._("Request"),
            move.env._("Subject"),
            move.env._("Machine"),
            move.env._("Date"),
            move.env._("Work and Parts"),
            move.env._("Quantity"),
            move.env._("Unit"),
            move.env._("Amount (%(currency)s)", currency=move.currency_id.name),
        ]
        sheet.write_row(3, 0, titles, bold)
        line = 4
        for customer, rows, amount in move._get_service_annex_groups():
            for row in rows:
                texts = [row["customer"], row["request"], row["title"], row["machine"]]
                sheet.write_row(line, 0, texts)
                if row["date"]:
                    sheet.write_datetime(line, 4, fields.Datetime.to_datetime(row["date"]), day)
                sheet.write_row(line, 5, [row["product"], row["quantity"], row["uom"]])
                sheet.write_number(line, 8, row["amount"], money)
                line += 1
            sheet.write(line, 0, move.env._("Total %(customer)s", customer=customer), bold)
            sheet.write_number(line, 8, amount, total)
            line += 1
        sheet.write(line, 0, move.env._("Untaxed Amount"), bold)
        sheet.write_number(line, 8, move.amount_untaxed, total)
        sheet.freeze_panes(4, 0)
        workbook.close()
        return buffer.getvalue()

    def _attach_service_annex(self):
        """Keep the spreadsheets with the invoices; they are sent with them."""
        for move in self:
            values = {
                "name": f"{(move.name or 'draft').replace('/', '-')}-annex.xlsx",
                "raw": move._render_service_annex_xlsx(),
                "res_model": move._name,
                "res_id": move.id,
            }
            if move.service_annex_id:
                move.service_annex_id.write(values)
            else:
                move.service_annex_id = self.env["ir.attachment"].create(values)

    def action_download_service_annex(self):
        """Make the spreadsheet of the annex, and download it."""
        self.ensure_one()
        self.check_access("read")
        # made of what the invoice bills, for whoever may read the invoice
        move_sudo = self.sudo()
        move_sudo._attach_service_annex()
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{move_sudo.service_annex_id.id}?download=true",
            "target": "self",
        }

    def _post(self, soft=True):
        posted = super()._post(soft)
        for_principals_sudo = posted.sudo().filtered(
            lambda move: move.move_type == "out_invoice" and move.service_request_ids.principal_id
        )
        for_principals_sudo._attach_service_annex()
        return posted


class AccountMoveSend(models.AbstractModel):
    _inherit = "account.move.send"

    def _get_invoice_extra_attachments(self, move):
        """The annex goes with the invoice."""
        return super()._get_invoice_extra_attachments(move) + move.service_annex_id
