from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.fields import Command

from ..catalogue.customers import KITS
from ..catalogue.products import DESCRIPTIONS, PROPERTIES

ROOMS = {
    "boiler_room": "boiler_room",
    "big_boiler_room": "boiler_room",
    "public_pool": "pool_room",
}
ROOM_COUNT = 10
TAGS = {"noisy": ("Noisy Room", 1), "roof": ("On the Roof", 4), "ladder": ("Ladder Needed", 3)}


class ServiceDemo(models.AbstractModel):
    _inherit = "service.demo"

    @api.model
    def _create_rooms(self):
        """Technical rooms are systems: what is about the room is about all its machines."""
        values = {}
        for plan in self._plan_rooms():
            site = self._get_sites(plan["customer"])[plan["site"]]
            values[plan["name"]] = {
                "product_id": self._ref(f"system_{ROOMS[plan['kit']]}").id,
                "company_id": self._ref("company").id,
                "partner_id": site.commercial_partner_id.id,
                "site_id": site.id,
                "certainty": "verified",
            }
        self._make("service.equipment", values, "room")

    def _plan_rooms(self):
        """Some of the kits that fill a room of their own."""
        sold, reported = self._plan_sales()
        return [plan for plan in (*sold, *reported) if plan["kit"] in ROOMS][:ROOM_COUNT]

    @api.model
    def _report_machines(self):
        """Machines that others sold, as the customers told us; nobody knows how certain it is."""
        rng = self._random()
        values = []
        for plan in self._plan_sales()[1]:
            site = self._get_sites(plan["customer"])[plan["site"]]
            installed = self._day(-rng.randint(1600, 4200))
            for key, quantity in KITS[plan["kit"]]:
                product = self._ref(f"product_{key}")
                alone = product.tracking != "serial"
                values += [
                    {
                        "product_id": product.id,
                        "company_id": self._ref("company").id,
                        "partner_id": site.commercial_partner_id.id,
                        "site_id": site.id,
                        "quantity": quantity if alone else 1,
                        "serial_number": False if alone else f"{rng.randrange(10**7, 10**8)}",
                        "installation_date": installed,
                        "certainty": "reported",
                    }
                    for _piece in range(1 if alone else quantity)
                ]
        machines = self._model("service.equipment").create(values)
        for machine in machines:
            machine.component_ids.install_date = machine.installation_date

    @api.model
    def _live_with_machines(self):
        """What happens to machines: rooms, descriptions, tags, repair, loan, return."""
        machines = self._model("service.equipment").search(
            [("company_id", "=", self._ref("company").id)], order="id"
        )
        self._group_into_rooms(machines)
        self._describe_machines(machines)
        rng = self._random()
        delivered = machines.filtered("delivery_date")
        for machine in delivered:
            waited = rng.randint(3, 25)
            day = machine.delivery_date + relativedelta(days=waited)
            if waited < 20 and day < self._today():
                machine.commissioning_date = day
        self._make(
            "service.equipment.tag",
            {key: {"name": name, "color": color} for key, (name, color) in TAGS.items()},
            "tag",
        )
        for key in TAGS:
            tagged = machines.browse(rng.sample(machines.ids, 9))
            tagged.tag_ids = [Command.link(self._ref(f"tag_{key}").id)]
        contacts = self._model("res.partner").search(
            [("parent_id", "in", machines.partner_id.ids), ("function", "!=", False)]
        )
        for contact in contacts:
            machines.filtered(lambda m, c=contact: m.partner_id == c.parent_id).contact_id = contact
        old = (machines - delivered).filtered("serial_number")
        old[:3].write({"state": "retired", "retirement_date": self._day(-60)})
        robots = delivered.filtered(lambda m: m.product_id == self._ref("product_robot"))
        robots[-1:].write({"state": "in_repair", "state_since": self._day(-4)})
        robots[-2:-1].write({"state": "on_loan", "state_since": self._day(-12)})
        self._return_to_us(robots[:1] | robots[2:3])

    def _describe_machines(self, machines):
        """The properties of each kind of machine."""
        for category, definition in PROPERTIES.items():
            self._ref(f"category_{category}").service_equipment_properties_definition = definition
        for key, values in DESCRIPTIONS.items():
            product = self._ref(f"product_{key}")
            machines.filtered(lambda m, p=product: m.product_id == p).properties = values

    def _group_into_rooms(self, machines):
        """Put the machines of the technical rooms where they belong."""
        by_site = machines.grouped("site_id")
        for plan in self._plan_rooms():
            room = self._ref(f"room_{plan['name']}")
            kit = self._refs("product", [key for key, _quantity in KITS[plan["kit"]]])
            inside = by_site[room.site_id].filtered(
                lambda m, kit=kit: m.product_id in kit and not m.parent_id
            )
            inside.parent_id = room
            room.installation_date = min(inside.mapped("installation_date"))

    def _return_to_us(self, machines):
        """Customers send machines back: the transfer marks them as returned."""
        for machine in machines:
            picking = machine.delivery_move_line_id.picking_id
            wizard = (
                self._model("stock.return.picking")
                .with_context(
                    active_id=picking.id, active_ids=picking.ids, active_model=picking._name
                )
                .create({})
            )
            line = wizard.product_return_moves.filtered(
                lambda line, m=machine: line.product_id == m.product_id
            )
            line.quantity = 1
            returned = wizard._create_return()
            returned.move_ids.move_line_ids.lot_id = machine.lot_id
            returned.move_ids.picked = True
            returned.button_validate()
            self._move_to_day(returned, self._day(-35))
            machine.state_since = self._day(-35)
            machine.event_ids.filtered(
                lambda e: e.event_type in ("returned", "state_changed")
            ).date = self._at(self._day(-35), 11)
