from odoo import api, fields, models


class ServiceEquipment(models.Model):
    """Where the company has an analytic plan for machines, each that is serviced has an account."""

    _inherit = "service.equipment"

    analytic_account_id = fields.Many2one(
        "account.analytic.account",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups="account.group_account_invoice,installed_base.group_service_manager",
    )

    def _open_analytic_accounts(self, company):
        """Give an account to those that have none yet.

        :param company: res.company that services them
        """
        # whoever takes a call need not have rights on accounting
        new_sudo = self.sudo().filtered(lambda machine: not machine.analytic_account_id)
        plan = company.sudo().service_equipment_plan_id
        if not plan or not new_sudo:
            return
        accounts_sudo = self.env["account.analytic.account"].sudo()
        accounts_sudo = accounts_sudo.create(
            [
                {"name": machine.display_name, "plan_id": plan.id, "company_id": company.id}
                for machine in new_sudo
            ]
        )
        for machine, account in zip(new_sudo, accounts_sudo, strict=True):
            machine.analytic_account_id = account


class ServiceRequestEquipment(models.Model):
    _inherit = "service.request.equipment"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._open_analytic_accounts()
        return lines

    def write(self, vals):
        result = super().write(vals)
        if "equipment_id" in vals:
            self._open_analytic_accounts()
        return result

    def _open_analytic_accounts(self):
        for company, lines in self.grouped("company_id").items():
            lines.equipment_id._open_analytic_accounts(company)
