from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Command

INVOICED = 12


class ServiceDemo(models.AbstractModel):
    _inherit = "service.demo"

    @api.model
    def _finish_requests(self):
        """Answer by phone, give up, wait, decide coverage by hand; then move all to its time."""
        claire = self._ref("user_claire")
        self._answer_requests(self._get_requests("answered").with_user(claire))
        self._get_requests("cancelled").with_user(claire).action_cancel()
        for fate, stage in (("waiting", "waiting"), ("progress", "progress")):
            self._get_requests(fate).with_user(claire).stage_id = self.env.ref(
                f"service_request.service_request_stage_{stage}"
            )
        self._ref("request_new_3").assignment = "sales"
        self._decide_coverage_by_hand()
        requests = self._model("service.request").search(
            [("company_id", "=", self._ref("company").id), ("origin", "!=", "field")]
        )
        for request in requests:
            self._move_request(request)

    def _answer_requests(self, requests):
        """Solved on the phone: an hour of the hotline, and a part sent by post where needed."""
        for number, request in enumerate(requests):
            lines = [("service_labor", 1)]
            if number % 2:
                lines.append((self._get_wear_part(request), 1))
            request.consumption_ids = [
                Command.create(
                    {
                        "product_id": self._ref(name).id,
                        "quantity": quantity,
                        "user_id": requests.env.uid,
                    }
                )
                for name, quantity in lines
            ]
        requests.action_close(undone="done")

    def _get_wear_part(self, request):
        pools = self._ref("category_pools")
        return "part_tube" if request.equipment_id.product_categ_id == pools else "part_seal"

    def _decide_coverage_by_hand(self):
        """Every decision that a person may take, by somebody who may take it."""
        director, sophie = self._ref("user_philippe"), self._ref("user_sophie")
        self._ref("request_visited_4").with_user(director).coverage = "goodwill"
        self._ref("request_planned_1").with_user(director).coverage = "goodwill"
        self._ref("request_waiting_2").with_user(sophie).coverage = "direct"
        self._ref("request_new_2").with_user(sophie).coverage = "none"
        for name, coverage, field, model in (
            ("request_progress_2", "contract", "coverage_contract_id", "service.contract"),
            ("request_new_1", "sale", "coverage_sale_id", "sale.order"),
        ):
            request = self._ref(name)
            source = self._model(model).search(
                [
                    ("partner_id", "=", request.partner_id.id),
                    ("state", "in", ("active", "sale")),
                ],
                limit=1,
            )
            request.with_user(sophie).write({"coverage": coverage, field: source.id})

    def _move_request(self, request):
        """Let what happened to a request have happened between the call and its end."""
        now = fields.Datetime.now()
        ended = max(
            request.intervention_ids.filtered("done_date").mapped("done_date"), default=None
        )
        if request.state == "open":
            end = min(now, request.date + timedelta(hours=3))
        else:
            end = ended or request.date + timedelta(hours=2 + request.id % 30)
        if request.state == "closed":
            request.close_date = end
            request.consumption_ids.filtered(lambda c: not c.intervention_id).done_date = end
        steps = request.stage_history_ids.sorted("id")
        for number, step in enumerate(steps):
            step.date = request.date + (end - request.date) * number / max(len(steps) - 1, 1)
        request.assign_date = min(now, request.date + timedelta(minutes=20))

    @api.model
    def _invoice_requests(self):
        """The accountant invoices the oldest; the newest still wait for her."""
        waiting = self._model("service.request").search(
            [("invoice_state", "=", "to_invoice"), ("principal_id", "=", False)],
            order="close_date, id",
        )
        isabelle = self._ref("user_isabelle")
        # two who sell to one customer share what they sold
        waiting.filtered("salesperson_ids")[:1].salesperson_ids |= self._ref("user_sophie")
        invoices = waiting[:INVOICED].with_user(isabelle)._create_service_invoices()
        for invoice in invoices.sudo():
            closed = max(invoice.service_request_ids.mapped("close_date"))
            invoice.invoice_date = min(closed.date() + timedelta(days=2), self._today())
        invoices.sorted("invoice_date").action_post()

    @api.model
    def _prepare_a_run(self):
        """What still waits is on a run that the accountant has to check."""
        runs = self._model("service.billing.run").with_user(self._ref("user_isabelle"))
        company = self._ref("company")
        runs.create({"company_id": company.id, "invoice_date": self._today()}).action_prepare()
