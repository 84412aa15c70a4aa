from odoo import api, models
from odoo.tools import split_every

BATCH_SIZE = 10  # small: a batch with a refused row is loaded three times
MAX_WRONG_ROWS = 100


class ServiceEquipment(models.Model):
    _inherit = "service.equipment"

    @api.model
    def get_import_templates(self):
        """Return the spreadsheet that the import screen offers, with the columns to fill in."""
        return [
            {
                "label": self.env._("Import Template for Equipment"),
                "template": "/installed_base/static/xlsx/service_equipment_template.xlsx",
            }
        ]

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
        load_rows = super().load
        spans, nextrow = self._split_records(fields, data)
        ids, messages, wrong = [], [], set()
        with self.env.cr.savepoint() as savepoint:
            for batch in split_every(BATCH_SIZE, spans, list):
                loaded, found = self._load_batch(load_rows, fields, data, batch)
                ids += loaded
                messages += sorted(found, key=lambda message: message["record"])
                wrong = {m["record"] for m in messages if m["type"] == "error"}
                if len(wrong) >= MAX_WRONG_ROWS:
                    messages.append(self._prepare_interruption(len(wrong)))
                    break
            if wrong:
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

    def _load_batch(self, load_rows, fields, data, spans):
        """Load some records together, but for the unreadable; each alone where one is refused.

        :param load_rows: Odoo's own ``load``
        :param spans: the first and last row of each record
        :return: the ids of the good ones, and the messages about the others
        """
        numbers = [number for start, end in spans for number in range(start, end + 1)]
        result = load_rows(fields, [data[number] for number in numbers])
        messages = self._place_messages(result["messages"], fields, data, numbers)
        if result["ids"] is not False:
            return result["ids"], messages
        unread = [message for message in messages if message["unread"]]
        if len(spans) == 1:
            return [], unread or messages[-1:]  # refused twice: in a batch of one, and alone
        wrong = {message["record"] for message in unread}
        readable = [span for span in spans if span[0] not in wrong]
        parts = [readable] if unread and readable else [[span] for span in readable]
        ids = []
        for part in parts:
            loaded, found = self._load_batch(load_rows, fields, data, part)
            ids += loaded
            unread += found
        return ids, unread

    @api.model
    def _place_messages(self, messages, fields, data, numbers):
        """Number the rows as in ``data``; add the wrong ``value`` and how the row begins."""
        placed = []
        for message in messages:
            if "rows" not in message:
                continue  # Odoo stopped: each of these rows is loaded again on its own
            rows = {key: numbers[index] for key, index in message["rows"].items()}
            row, field = data[rows["from"]], message.get("field")
            value = row[fields.index(field)] if field in fields else None
            label = " · ".join([str(cell) for cell in row if cell][:4])
            placed.append(
                {
                    "value": value,
                    "unread": False,
                    **message,
                    "rows": rows,
                    "record": rows["from"],
                    "label": label,
                }
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
    def _convert_records(self, records, **options):
        """Create no record of a row that could not be read: its errors are told already."""
        if not self.env.context.get("import_file"):
            yield from super()._convert_records(records, **options)
            return
        unread, log = set(), options.pop("log")

        def note(message):
            if message["type"] == "error":
                unread.add(message["record"])
            log({**message, "unread": message["type"] == "error"})

        for converted in super()._convert_records(records, log=note, **options):
            if converted[-1]["record"] not in unread:
                yield converted

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
