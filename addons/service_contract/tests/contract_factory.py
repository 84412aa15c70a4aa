from odoo.fields import Command


class ContractFactory:
    """Contracts of the hotel, for tests of this addon and of those above."""

    @classmethod
    def _create_contract(cls, *lines, active=True, **values):
        """A maintenance contract of the hotel for 2026, in force unless ``active`` says no.

        :param lines: values of its coverage lines
        """
        contract = cls.env["service.contract"].create(
            {
                "partner_id": cls.customer.id,
                "kind": "maintenance",
                "date_start": "2026-01-01",
                "date_end": "2026-12-31",
                "coverage_ids": [Command.create(line) for line in lines],
                **values,
            }
        )
        if active:
            contract.action_activate()
        return contract
