from collections import Counter
from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Command

from ..catalogue.products import MACHINES
from ..catalogue.stories import STORIES

# what becomes of requests: how many, how old in days (oldest, newest), what is covered in turn
FATES = {
    "visited": (20, (175, 8), ("none", "none", "full", "none", "partial")),
    "answered": (8, (160, 6), ("none", "none", "none", "full")),
    "cancelled": (3, (120, 9), ("none",)),
    "resumed": (3, (14, 7), ("none", "partial", "full")),
    "waiting": (4, (12, 4), ("partial", "none")),
    "dispatched": (3, (8, 2), ("full", "none")),
    "planned": (8, (9, 2), ("none", "full", "partial")),
    "unplanned": (4, (7, 2), ("full", "none")),
    "leaving": (1, (2, 2), ("none",)),
    "working": (2, (3, 2), ("full", "none")),
    "progress": (3, (6, 2), ("none", "partial")),
    "new": (7, (4, 0), ("full", "none", "partial")),
}
STORY_OF_TITLE = {story[3]: story for stories in STORIES.values() for story in stories}


class ServiceDemo(models.AbstractModel):
    _inherit = "service.demo"

    @api.model
    def _create_requests(self):
        """Half a year of calls, taken by Nadia and then by Claire; oldest first."""
        plans = sorted(self._plan_requests(), key=lambda plan: plan["date"])
        half = len(plans) // 2
        for login, batch in (("nadia", plans[:half]), ("claire", plans[half:])):
            requests = (
                self._model("service.request")
                .with_user(self._ref(f"user_{login}"))
                .create([self._prepare_request(plan) for plan in batch])
            )
            self._set_external_ids(
                {plan["name"]: request for plan, request in zip(batch, requests, strict=True)},
                "request",
            )

    def _get_requests(self, fate):
        return self._refs("request", [f"{fate}_{n}" for n in range(1, FATES[fate][0] + 1)])

    def _plan_requests(self):
        """Choose machine, story and moment of each request.

        :return: list of ``{name, date, machine, story}``
        """
        rng = self._random()
        machines = self._model("service.equipment").search(
            [
                ("company_id", "=", self._ref("company").id),
                ("state", "=", "in_service"),
                ("child_ids", "=", False),
            ],
            order="id",
        )
        keys = {self._ref(f"product_{key}"): key for key in MACHINES}
        told, seen, plans = Counter(), Counter(), []
        for fate, (count, (oldest, newest), covers) in FATES.items():
            for number in range(count):
                age = oldest - (oldest - newest) * number // max(count - 1, 1)
                date = self._draw_moment(rng, age, fate == "progress")
                day = date.date()
                wanted = covers[number % len(covers)]
                able = self._filter_covered(machines, keys, wanted, day)
                able = able.filtered(
                    lambda m, day=day: not m.delivery_date or m.delivery_date < day
                )
                machine = min(
                    able,
                    key=lambda m: (seen[m], seen[m.agency_id] + seen[m.product_id], rng.random()),
                )
                story = min(STORIES[keys[machine.product_id]], key=lambda s: told[s[3]])
                seen.update([machine, machine.agency_id, machine.product_id])
                told[story[3]] += 1
                plans.append(
                    {
                        "name": f"{fate}_{number + 1}",
                        "date": date,
                        "machine": machine,
                        "story": story,
                    }
                )
        return plans

    def _draw_moment(self, rng, age, any_day):
        """A moment in the opening hours of a past day; earlier today for the age 0.

        :param any_day: so many days ago to the minute, on a weekend too: the deadline of a week
            is near whatever day the demo is loaded
        """
        now = fields.Datetime.now()
        if any_day:
            return now - timedelta(days=age)
        if not age:
            return now - timedelta(minutes=rng.randint(10, 90))
        return self._at(self._day(-age), rng.choice((8.25, 9.5, 10.75, 11.5, 14, 15.25, 16.5)))

    def _filter_covered(self, machines, keys, status, day):
        """Machines whose usual job was covered like this on a day."""
        competences = {
            product: self._ref(f"competence_{MACHINES[key][9]}").id for product, key in keys.items()
        }
        items = [
            {"equipment_id": machine.id, "competence_id": competences[machine.product_id]}
            for machine in machines
        ]
        answers = self._model("service.contract")._cover(items, day)
        return machines.browse(
            [
                machine.id
                for machine, answer in zip(machines, answers, strict=True)
                if answer["status"] == status
            ]
        )

    def _prepare_request(self, plan):
        machine, story = plan["machine"], plan["story"]
        competence, kind, severity, title, description = story[:5]
        supplier = machine.supplier_id
        return {
            "company_id": self._ref("company").id,
            "date": plan["date"],
            "partner_id": machine.partner_id.id,
            "contact_id": machine.contact_id.id,
            "title": title,
            "description": Markup("<p>%s</p>") % description,
            "type_id": self.env.ref(f"service_request.service_request_type_{kind}").id,
            "severity_id": self.env.ref(f"service_request.service_severity_{severity}").id,
            "competence_id": competence and self._ref(f"competence_{competence}").id,
            "origin": "email" if machine.id % 3 == 0 else "phone",
            "principal_id": machine.id % 5 == 0 and supplier.is_service_principal and supplier.id,
            "equipment_line_ids": [Command.create({"equipment_id": machine.id})],
        }
