from odoo import api, models

DIRECTOR = "installed_base.group_service_sales_director"
CHOICE = {"coverage_manual", "coverage_contract_id", "coverage_sale_id"}
# what is written beside a coverage is chosen together with it
CHOSEN = {"contract_id": "coverage_contract_id", "sale_id": "coverage_sale_id"}


class ServiceCoverageMixin(models.AbstractModel):
    """Goodwill is told to the manager of whoever gives it, unless a sales director does."""

    _inherit = "service.coverage.mixin"

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create([self._add_chosen(vals) for vals in vals_list])
        given = [
            record
            for record, vals in zip(records, vals_list, strict=True)
            if vals.get("coverage_manual") and record._is_goodwill()
        ]
        self.union(*given)._alert_goodwill()
        return records

    def write(self, vals):
        # what writes the coverage itself comes back here with the choice
        if CHOICE.isdisjoint(vals) or "coverage" in vals:
            return super().write(self._add_chosen(vals))
        before = self.filtered(lambda record: record._is_goodwill())
        result = super().write(vals)
        (self - before).filtered(lambda record: record._is_goodwill())._alert_goodwill()
        return result

    @api.model
    def _add_chosen(self, vals):
        return {**vals, **{CHOSEN[name]: vals[name] for name in CHOSEN.keys() & vals.keys()}}

    def _is_goodwill(self):
        """Whether somebody gave it free here; a number that is missing means the same."""
        self.ensure_one()
        return (
            self.coverage_manual == "goodwill"
            or (self.coverage_manual == "contract" and not self.coverage_contract_id)
            or (self.coverage_manual == "sale" and not self.coverage_sale_id)
        )

    def _alert_goodwill(self):
        """Mail the manager of the current user that something is given free."""
        if not self or self.env.user.has_group(DIRECTOR):
            return
        # employees' files are private, who is whose manager is not
        manager_sudo = self.env.user.sudo().employee_id.parent_id
        partner = manager_sudo.user_id.partner_id or manager_sudo.work_contact_id
        for record in self:
            request = record._get_request()
            subject = self.env._("Goodwill on %(request)s", request=request.name)
            body = self.env._(
                "%(user)s gives %(what)s free: %(title)s, for %(customer)s.",
                user=self.env.user.name,
                what=request.name if record == request else record.display_name,
                title=request.title,
                customer=request.partner_id.display_name,
            )
            if partner:
                request.message_notify(
                    partner_ids=partner.sudo(False).ids, subject=subject, body=body
                )
            else:
                request.message_post(
                    body=self.env._(
                        "%(alert)s Nobody could be told: %(user)s has no manager.",
                        alert=body,
                        user=self.env.user.name,
                    )
                )
