from odoo import api, models
from odoo.tools import split_every

BATCH_SIZE = 20
MAX_WRONG_ROWS = 100


class ServiceEquipment(models.Model):
    _inherit = "service.equipment"

    @api.model
    def load(self, fields, data):
        """Tell all the wrong rows of a file that a user imports, each once.

        Odoo creates the rows of a file together. Where that fails it tries them one by one, but
        takes back the good rows at each wrong one (so that a serial number that is twice in the
        file is found or not), tries those that it could not read again, and stops after ten.
        Here a wrong row is left out, and the good ones stay beside those after them.
        """
        if not self.env.context.get("import_file"):
            return super().load(fields, data)
        spans, nextrow = self._split_records(fields, data)
        ids, messages = [], []
        with self.env.cr.savepoint() as savepoint:
            for batch in split_every(BATCH_SIZE, spans, list):
                loaded, found = self._load_batch(fields, data, batch)
                ids += loaded
                messages += found
                wrong = {m["record"] for m in messages if m["type"] == "error"}
                if len(wrong) >= MAX_WRONG_ROWS:
                    messages.append(self._prepare_interruption(len(wrong)))
                    break
            if wrong := [m for m in messages if m["type"] == "error"]:
                savepoint.rollback()
        return {"ids": not wrong and ids, "messages": messages, "nextrow": nextrow}

    def _split_records(self, fields, data):
        """Return the first and last row of each record, and where the next load goes on."""
        limit = self.env.context.get("_import_limit") or len(data) + 1
        paths = [models.fix_import_export_id_paths(field) for field in fields]
        spans = [
            (info["rows"]["from"], info["rows"]["to"])
            for _record, info in self._extract_records(paths, data, limit=limit)
        ]
        end = spans[-1][1] + 1 if spans else 0
        return spans, end if end >= limit else 0

    def _load_batch(self, fields, data, spans):
        """Load some records: together, or each alone where they fail together.

        :return: the ids of the good ones, and the messages about the others
        """
        first, last = spans[0][0], spans[-1][1]
        result = super().load(fields, data[first : last + 1])
        if result["ids"] is not False:
            return result["ids"], self._place_messages(result["messages"], fields, data, first)
        ids, messages = [], []
        for start, end in spans:
            result = super().load(fields, data[start : end + 1])
            ids += result["ids"] or []
            found = self._own_messages(result["messages"])
            messages += self._place_messages(found, fields, data, start)
        return ids, messages

    @api.model
    def _own_messages(self, messages):
        """Of the messages about one row: what could not be read, or else why it was refused."""
        errors = [message for message in messages if message["type"] == "error"]
        unread = [message for message in errors if "field_name" in message]
        warnings = [message for message in messages if message["type"] != "error"]
        return (unread or errors[-1:]) + warnings

    @api.model
    def _place_messages(self, messages, fields, data, start):
        """Number the rows as in ``data``; add the wrong ``value`` and how the row begins."""
        placed = []
        for message in messages:
            rows = {key: start + number for key, number in message["rows"].items()}
            row, field = data[rows["from"]], message.get("field")
            value = row[fields.index(field)] if field in fields else None
            label = " · ".join([str(cell) for cell in row if cell][:4])
            placed.append(
                {"value": value, **message, "rows": rows, "record": rows["from"], "label": label}
            )
        return placed

    @api.model
    def _prepare_interruption(self, count):
        return {
            "type": "warning",
            "message": self.env._(
                "%(count)s rows are wrong: those after them were not checked.", count=count
            ),
        }

    @api.model
    def _load_records_create(self, vals_list):
        """An empty cell of a required field means its default, as in a form."""
        return super()._load_records_create(
            [
                {
                    name: value
                    for name, value in vals.items()
                    if value is not False or not self._fields[name].required
                }
                for vals in vals_list
            ]
        )
