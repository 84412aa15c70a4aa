from odoo.addons.field_intervention.tests.common import FieldInterventionCommon


class LoopCommon(FieldInterventionCommon):
    """The whole suite with its people: call taker, dispatcher, technician and accountant."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant = cls._create_user("accountant", "account.group_account_user")
