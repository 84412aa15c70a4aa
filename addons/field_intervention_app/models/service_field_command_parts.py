import uuid
from datetime import datetime

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import LazyTranslate

from .payload import Malformed, check_payload
from .service_field_command import Handler

_lt = LazyTranslate(__name__)

SOURCES = {"product": int, "quantity": float, "numbers?": list}


class ServiceFieldCommand(models.Model):
    """Parts, labour and travel: used, taken back, exchanged; the count of the van."""

    _inherit = "service.field.command"

    @api.model
    def _get_handlers(self):
        intervention = {"intervention": uuid.UUID}
        return {
            **super()._get_handlers(),
            "consume": Handler(
                _lt("Part, Labour or Travel"),
                self._apply_consume,
                {
                    **intervention,
                    **SOURCES,
                    "at": datetime,
                    "equipment?": int,
                    "note?": str,
                    "consumption?": int,
                    "location?": int,
                    "to_order?": bool,
                },
                takes_many=True,
            ),
            "unconsume": Handler(
                _lt("Entry Taken Back"),
                self._apply_unconsume,
                {**intervention, "command": uuid.UUID},
            ),
            "take_back": Handler(
                _lt("Part Taken Back"),
                self._apply_take_back,
                {**intervention, **SOURCES, "note?": str},
            ),
            "exchange": Handler(
                _lt("Part Exchanged"),
                self._apply_exchange,
                {
                    **intervention,
                    "component": int,
                    "product": int,
                    "number?": str,
                    "old_number?": str,
                    "location?": int,
                    "take_back?": bool,
                    "at": datetime,
                },
            ),
            "count": Handler(
                _lt("Count of the Van"), self._apply_count, {"lines": list}, looks_back=True
            ),
        }

    def _apply_consume(self, payloads):
        """Record parts, hours and trips as done, or as wanted for the next visit."""
        visits = {payload["intervention"]: payload for payload in payloads}
        visits = {uuid: self._find_intervention(payload) for uuid, payload in visits.items()}
        products = self._find_products({payload["product"] for payload in payloads})
        results, used = [], []
        for payload in payloads:
            intervention, review = visits[payload["intervention"]]
            product = products[payload["product"]]
            result, values = self._read_consume(payload, intervention, review, product)
            results.append(result)
            if values:
                used.append((result, values))
        done = self.env["service.consumption"].create([values for _result, values in used])
        for (result, _values), consumption in zip(used, done, strict=True):
            result["consumption"] = consumption.id
        return results

    @api.model
    def _read_consume(self, payload, intervention, review, product):
        """What one entry does.

        :return: (result, values of the done consumption that is still to be created, or None)
        """
        result = {"intervention": intervention, "review": review}
        planned = self._find_planned(intervention, payload, product)
        if planned:
            result["plan"] = planned._read_plan()
        if payload["quantity"] <= 0:
            # a planned part that was not used: it stays in the van
            planned.action_cancel()
            return {**result, "consumption": planned.id}, None
        intervention._ensure_requests()
        machine = self.env["service.equipment"].browse(payload.get("equipment"))
        values = {
            "quantity": payload["quantity"],
            "note": payload.get("note") or False,
            "user_id": self.env.uid,
            "lot_ids": [Command.set(self._find_lots(product, payload.get("numbers")).ids)],
            "is_to_order": bool(payload.get("to_order")),
            "van_location_id": self._find_place(payload.get("location")).id,
        }
        new = {
            **values,
            "intervention_id": intervention.id,
            "request_id": intervention.request_id.id,
            "product_id": product.id,
            "equipment_line_id": intervention._get_request_line(machine).id,
        }
        at = self._get_moment(payload["at"])
        own = intervention.technician_user_id == self.env.user
        if own and not planned and not payload.get("to_order"):
            return result, {**new, "done_date": at}
        if planned:
            line = planned._split_used(payload["quantity"])
            if line != planned:
                result.update(plan=None, rest=planned.id)
            planned = line
            planned.write(values)
        else:
            planned = planned.create([new])
        result["consumption"] = planned.id
        if payload.get("to_order"):
            return {**result, **self._order_part(intervention, planned)}, None
        if not own and not planned.van_location_id:
            # a helper, or who had the work before: the part left their van
            planned._take_from_van_of(self.env.user.sudo().employee_id)
        planned._mark_done(at)
        return result, None

    @api.model
    def _find_planned(self, intervention, payload, product):
        """The planned consumption that an entry names, if it is still to do."""
        planned = intervention.consumption_ids.browse(payload.get("consumption") or [])
        return (planned & intervention.consumption_ids).filtered(
            lambda line: line.state != "done" and line.product_id == product
        )

    @api.model
    def _order_part(self, intervention, line):
        """Have a part brought or bought; the wish is kept when the office has to do it."""
        try:
            with self.env.cr.savepoint():
                intervention._order_parts(line)
        except UserError as error:
            return {"review": "asked", "order": str(error)}
        return {"order": "ordered"}

    def _apply_unconsume(self, payload):
        """Take back an own entry: its parts return to the van, what was planned is planned."""
        intervention, review = self._find_intervention(payload)
        entry = self.sudo().search(
            [
                ("uuid", "=", payload["command"]),
                ("user_id", "=", self.env.uid),
                ("kind", "=", "consume"),
                ("intervention_id", "=", intervention.id),
            ]
        )
        said = entry.result or {}
        lines = intervention.consumption_ids
        consumption = lines & lines.browse(said.get("consumption") or [])
        if consumption:
            consumption._take_back(said.get("plan"), lines & lines.browse(said.get("rest") or []))
        return {"intervention": intervention, "review": review}

    def _apply_take_back(self, payload):
        """A part of the customer's goes into the van: defective, or left over."""
        intervention, review = self._find_intervention(payload)
        if payload["quantity"] <= 0:
            raise Malformed("quantity")
        product = self._find_product(payload["product"])
        if product.is_storable:
            lots = self._find_lots(product, payload.get("numbers"))
            for lot in lots or [lots]:
                quantity = payload["quantity"] / max(len(lots), 1)
                intervention._take_back_defective(product, lot, quantity)
        return {"intervention": intervention, "review": review}

    def _apply_exchange(self, payload):
        """One part out of the machine, another one in, from the van."""
        intervention, review = self._find_intervention(payload)
        components = intervention.equipment_ids.component_ids
        component = components.filtered(lambda c: c.id == payload["component"])
        if not component:
            raise UserError(
                self.env._(
                    "This part is not in a machine of %(intervention)s.",
                    intervention=intervention.name,
                )
            )
        component._correct_number((payload.get("old_number") or "").strip())
        product = self._find_product(payload["product"])
        numbers = [payload["number"]] if payload.get("number") else []
        lots = self._find_lots(product, numbers)
        [used] = self._apply_consume(
            [
                {
                    "intervention": payload["intervention"],
                    "product": product.id,
                    "quantity": component.quantity,
                    "numbers": numbers if lots else [],
                    "location": payload.get("location"),
                    "at": payload["at"],
                    "equipment": component.equipment_id.id,
                }
            ]
        )
        successor = intervention._exchange_part(
            component,
            product,
            lots,
            takes_old_part=payload.get("take_back"),
            date=self._get_moment(payload["at"]).date(),
            serial_number=payload.get("number") or False,
        )
        return {**used, "review": review, "component": successor.id}

    # ------------------------------------------------------------ stock
    @api.model
    def _find_product(self, product_id):
        return self._find_products([product_id])[product_id]

    @api.model
    def _find_products(self, product_ids):
        """``{id: product}``.

        :raise UserError: when one of them is gone
        """
        products = self.env["product.product"].browse(product_ids).exists()
        products.check_access("read")
        if len(products) < len(product_ids):
            raise UserError(self.env._("This product does not exist any more: choose another one."))
        return {product.id: product for product in products}

    @api.model
    def _find_lots(self, product, numbers):
        """The lots or serial numbers that a device names."""
        numbers = numbers or []
        if not all(isinstance(n, str) and n.strip() and "\x00" not in n for n in numbers):
            raise Malformed("numbers")
        return self.env["stock.lot"]._note_numbers(product, numbers)

    @api.model
    def _find_place(self, location_id):
        """The place in the technician's van that a device names; none when it names none.

        :raise UserError: when it is not in the van
        """
        places = self.env["stock.location"]
        if not location_id:
            return places
        place = self.env.user.sudo().employee_id._get_van_places() & places.browse(location_id)
        if not place:
            raise UserError(
                self.env._("This place is not in your van any more: choose another one.")
            )
        return place

    def _apply_count(self, payload):
        """Note what was counted in the van; the stock changes when the agency applies the count."""
        lines = [self._read_count(line) for line in payload["lines"]]
        counted = self.env.user.sudo().employee_id._count_van(lines)
        return {"counted": len(counted)}

    @api.model
    def _read_count(self, line):
        check_payload(line, {"product": int, "quantity": float, "location?": int, "number?": str})
        if line["quantity"] < 0:
            raise Malformed("quantity")
        product = self._find_product(line["product"])
        number = line.get("number")
        return {
            "product": product.sudo(),
            "lot": self._find_lots(product, [number] if number else [])[:1].sudo(),
            "location": self.env["stock.location"].sudo().browse(line.get("location") or []),
            "quantity": line["quantity"],
        }
