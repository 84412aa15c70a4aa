from odoo import api, fields, models

BUDGETS = {"heating": 6000, "pools": 2500}


class ServiceDemo(models.AbstractModel):
    _inherit = "service.demo"

    @api.model
    def _claim_from_suppliers(self):
        """What suppliers still guarantee is claimed: one pays a part, one has not answered."""
        consumptions = self._model("service.consumption").search(
            [("claim_state", "=", "to_claim"), ("company_id", "=", self._ref("company").id)],
            order="claim_supplier_id, done_date, id",
        )
        suppliers = consumptions.claim_supplier_id
        oldest = consumptions.filtered(lambda c: c.claim_supplier_id in suppliers[:2])
        isabelle = self._ref("user_isabelle")
        claims = oldest.with_user(isabelle)._create_claims()
        for number, claim in enumerate(claims):
            # without the mail that sending writes
            sent = fields.Date.add(max(claim.consumption_ids.mapped("done_date")).date(), days=1)
            claim.write({"state": "sent", "date": sent, "date_sent": sent})
            if number:
                claim.supplier_rma = f"RMA-{claim.id:05d}"
                claim.action_accept(claim.currency_id.round(claim.amount_claimed * 0.8))
        for key, amount in BUDGETS.items():
            category = self._ref(f"category_{key}")
            self._model("service.warranty.budget").create(
                {
                    "name": category.name,
                    "company_id": self._ref("company").id,
                    "product_categ_id": category.id,
                    "date_from": fields.Date.add(self._today(), months=-12, days=1),
                    "date_to": self._today(),
                    "amount": amount,
                }
            )

    @api.model
    def _invoice_principals(self):
        """What was done for manufacturers is invoiced to them, with its annex."""
        waiting = self._model("service.request").search(
            [("invoice_state", "=", "to_invoice"), ("principal_id", "!=", False)]
        )
        if not waiting:
            return
        isabelle = self._ref("user_isabelle")
        invoices = waiting.with_user(isabelle)._create_service_invoices(grouping="principal").sudo()
        invoices.invoice_date = self._today()
        invoices.action_post()
