from contextlib import suppress

from odoo import api, models

from odoo.addons.base_import.models.base_import import ImportValidationError


class BaseImport(models.TransientModel):
    """The import of equipment tells all the wrong rows of a file at once: where the file has
    them, and what is wrong."""

    _inherit = "base_import.import"

    def execute_import(self, fields, columns, options, dryrun=False):
        """Count the rows as the spreadsheet does: from 1, the header included."""
        header = bool(options.get("has_headers"))
        before = header + options.get("skip", 0)
        result = super().execute_import(fields, columns, options, dryrun=dryrun)
        if self._tells_every_row():
            for message in result["messages"]:
                if message.get("rows"):
                    self._place_import_message(message, before)
            if header and result.get("name"):
                result["name"].insert(0, "")
        return result

    def _tells_every_row(self):
        self.ensure_one()
        return self.res_model == "service.equipment"

    @api.model
    def _place_import_message(self, message, before):
        """Write the row into the sentence: of equal sentences the screen tells no row at all."""
        message["rows"] = {key: number + before for key, number in message["rows"].items()}
        message["record"] = message["rows"]["from"] + 1
        sentence = message["message"]
        if not isinstance(message.get("moreinfo"), (dict, list)):
            # Under its column the screen would show the row without the sentence. It must be
            # there only where it offers a choice: which record, or which value to take instead.
            message.pop("field_path", None)
            if message.pop("field", None):
                sentence = sentence.partition("\n")[0]  # the rest is about deletion
        message["message"] = self.env._(
            "%(sentence)s [row %(row)s: %(cells)s]",
            sentence=sentence,
            row=message["record"],
            cells=message.pop("label"),
        )

    def _parse_date_from_data(self, data, index, name, field_type, options):
        """Leave a wrong date to the conversion of its row: raised here it would hide the rest."""
        if not self._tells_every_row():
            return super()._parse_date_from_data(data, index, name, field_type, options)
        for line in data:
            with suppress(ImportValidationError):
                super()._parse_date_from_data([line], index, name, field_type, options)
        return None

    @api.model
    def _parse_float_from_data(self, data, index, name, options):
        """Leave a wrong number to the conversion of its row, as a wrong date."""
        if not self._tells_every_row():
            return super()._parse_float_from_data(data, index, name, options)
        for line in data:
            cell = line[index]
            try:
                super()._parse_float_from_data([line], index, name, options)
            except ImportValidationError:
                line[index] = cell
        return None
