from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _update_values(self, src_partners, dst_partner):
        """The customer code is unique: it leaves those that go before it reaches who stays."""
        codes = [code for code in (dst_partner | src_partners).mapped("customer_code") if code]
        src_partners.customer_code = False
        src_partners.flush_recordset(["customer_code"])
        result = super()._update_values(src_partners, dst_partner)
        dst_partner.customer_code = codes[0] if codes else False
        return result
