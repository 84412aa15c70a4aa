from odoo import models
from odoo.fields import Domain


class ServiceEquipment(models.Model):
    """The contracts of machines that change hands."""

    _inherit = "service.equipment"

    def _transfer_contracts(self, answer):
        result = super()._transfer_contracts(answer)
        date = answer.date if answer else self[:1].agency_id._get_today()
        promises = self._find_promises(date)
        action = answer.contract_action if answer and answer._may_settle_contracts() else False
        if not action:
            promises._ask_about_new_owner()
        elif action == "end":
            promises._end_before(date)
        elif action == "move":
            promises._move_to_owner(answer.partner_id, date)
        return result

    def _find_promises(self, date):
        """Lines of contracts that name these machines and are not over on a day.

        :return: service.contract.coverage, promises and exclusions
        """
        going_on = Domain("date_end", "=", False) | Domain("date_end", ">=", date)
        running = Domain("contract_id.state", "in", ("draft", "active", "suspended"))
        named = Domain("equipment_id", "in", self.ids)
        return self.env["service.contract.coverage"].search(named & running & going_on)
