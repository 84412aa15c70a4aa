from datetime import UTC, datetime, time
from random import Random

import pytz

from odoo import fields, models

SEED = 19
TZ = pytz.timezone("Europe/Paris")


class ServiceDemo(models.AbstractModel):
    """Builds the demo company step by step; what all the steps need is here."""

    _name = "service.demo"
    _description = "After-Sales Demo Data"

    def _random(self):
        """The same luck at every loading."""
        return Random(SEED)

    def _ref(self, name):
        """The record that an earlier step made, seen from the demo company."""
        data = self.env["ir.model.data"]
        model, res_id = data._xmlid_to_res_model_res_id(f"service_demo.{name}", True)
        return self._model(model).browse(res_id)

    def _refs(self, prefix, names):
        """The records ``prefix_name`` of all the names, of one model."""
        records = [self._ref(f"{prefix}_{name}") for name in names]
        return records[0].union(*records[1:]) if records else self.browse()

    def _model(self, name):
        """A model seen from the demo company."""
        company_id = self.env["ir.model.data"]._xmlid_to_res_id("service_demo.company", True)
        return self.env[name].with_company(company_id)

    def _make(self, model, values, prefix=None):
        """Create records and give them external ids.

        :param values: ``{name: values}``
        :param prefix: what the external ids start with
        """
        records = self._model(model).create(list(values.values()))
        self._set_external_ids(dict(zip(values, records, strict=True)), prefix)
        return records

    def _set_external_ids(self, records, prefix=None):
        """Give external ids: ``{name: record}``."""
        self.env["ir.model.data"]._update_xmlids(
            [
                {
                    "xml_id": f"service_demo.{prefix}_{name}" if prefix else f"service_demo.{name}",
                    "record": record,
                    "noupdate": True,
                }
                for name, record in records.items()
            ]
        )

    def _translate(self, records, names, field="name"):
        """Write the French and the Chinese names, where these languages are installed.

        :param names: (English, French, Chinese) of each record
        :param field: which of its texts they are
        """
        installed = {code for code, _name in self.env["res.lang"].get_installed()}
        for record, (_english, french, chinese) in zip(records, names, strict=True):
            texts = {"fr_FR": french, "zh_CN": chinese}
            texts = {lang: text for lang, text in texts.items() if lang in installed}
            if texts:
                record.update_field_translations(field, texts)

    def _today(self):
        return fields.Date.context_today(self)

    def _day(self, days):
        """The day so many days from today, moved off a weekend: backwards in the past."""
        day = fields.Date.add(self._today(), days=days)
        step = -1 if days < 0 else 1
        while day.weekday() > 4:
            day = fields.Date.add(day, days=step)
        return day

    def _at(self, day, hour):
        """A local hour (9.5 is half past nine) as a naive UTC datetime."""
        local = datetime.combine(day, time(int(hour), int(hour % 1 * 60)))
        return TZ.localize(local).astimezone(UTC).replace(tzinfo=None)
