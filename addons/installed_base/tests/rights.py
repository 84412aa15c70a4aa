OPERATIONS = {"r": "read", "w": "write", "c": "create", "u": "unlink"}


class RightsTable:
    """Tables of who may do what: ``{model: "- r rwcu"}``, a column for each role."""

    def assertRights(self, table, roles):
        """Each role may do with each model what its column says, and nothing else.

        :param table: letters of ``OPERATIONS`` for each role, ``-`` for none
        :param roles: ``{name: res.users}``, in the order of the columns
        """
        for model, row in table.items():
            for (role, user), expected in zip(roles.items(), row.split(), strict=True):
                records = self.env[model].with_user(user)
                allowed = [
                    letter for letter, name in OPERATIONS.items() if records.has_access(name)
                ]
                self.assertEqual("".join(allowed) or "-", expected, f"{role}: {model}")

    def assertComplete(self, table, addon):
        """The table has a row for each model of an addon."""
        known = self.env["ir.model"].search(
            [("model", "=like", "service.%"), ("abstract", "=", False)]
        )
        own = {m.model for m in known if self.env[m.model]._original_module == addon}
        self.assertEqual(own - set(table), set())
