from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import html2plaintext

from odoo.addons.field_intervention.models.service_intervention import ENDED

from .payload import digest

DAYS_BEFORE, DAYS_AFTER = 14, 14
MAX_INTERVENTIONS = 200


class ServiceFieldSync(models.AbstractModel):
    """What a device holds: plain rows, and which of them changed since the last time.

    A token is what the device holds: the digest of each row. So nothing is missed, whatever
    changed it, and nothing is kept on the server.
    """

    _name = "service.field.sync"
    _description = "Field Synchronisation"

    @api.model
    def _pull(self, token=None):
        """What changed on the device of the current user.

        :param token: the ``token`` of the answer before, as it was; None at the first time
        :return: ``{changed: {store: [row]}, deleted: {store: [key]}, token, me, server_time}``; a
            row has its key in ``id``
        """
        interventions = self._get_interventions()
        self.env["service.field.handout"]._hand_out(interventions)
        token = token if isinstance(token, dict) else {}
        changed, deleted, new_token = {}, {}, {}
        for store, rows in self._get_rows(interventions).items():
            known = token.get(store)
            known = known if isinstance(known, dict) else {}
            marks = {str(row["id"]): digest(row)[:12] for row in rows}
            changed[store] = [
                row for row in rows if known.get(str(row["id"])) != marks[str(row["id"])]
            ]
            deleted[store] = sorted(known.keys() - marks.keys())
            new_token[store] = marks
        return {
            "changed": changed,
            "deleted": deleted,
            "token": new_token,
            "me": self._get_me(),
            "server_time": fields.Datetime.now().isoformat(),
        }

    @api.model
    def _get_rows(self, interventions):
        """``{store: [row]}`` of everything on the device but the catalogue."""
        machines = interventions.equipment_ids
        return {
            "interventions": self._get_intervention_rows(interventions),
            "equipment": self._get_equipment_rows(machines),
            "models": self._get_model_rows(machines),
            "van": self._get_van_rows(),
        }

    @api.model
    def _get_interventions(self):
        """The work of the technician and the team in the days around today."""
        today = fields.Datetime.now()
        user = self.env.user
        mine = Domain("technician_user_id", "=", user.id) | Domain(
            "helper_ids.user_id", "=", user.id
        )
        started = Domain("state", "in", ("on_the_way", "on_site"))
        near = Domain("planned_start", ">=", today - timedelta(days=DAYS_BEFORE)) & Domain(
            "planned_start", "<", today + timedelta(days=DAYS_AFTER)
        )
        return self.env["service.intervention"].search(
            mine & Domain("state", "!=", "draft") & (started | near),
            order="planned_start, id",
            limit=MAX_INTERVENTIONS,
        )

    @api.model
    def _get_me(self):
        """Who works with the device, and what holds for all of it."""
        user = self.env.user
        employee_sudo = user.sudo().employee_id
        return {
            "uid": user.id,
            "name": user.name,
            "lang": user.lang,
            "employee": employee_sudo.id,
            "van": employee_sudo.stock_location_id.display_name or "",
            "lock_days": user.company_id.service_field_lock_days,
            # whether the company wants to know positions, and the technician lets it
            "position_wanted": user.company_id.service_track_position,
            "position_allowed": bool(employee_sudo.position_consent_date),
        }

    # ------------------------------------------------------------ interventions
    @api.model
    def _get_intervention_rows(self, interventions):
        covers = self._get_covers(interventions)
        states = dict(interventions._fields["state"]._description_selection(self.env))
        documents = self._get_documents(interventions)
        entries = self._get_own_entries(interventions)
        return [
            {
                "id": intervention.uuid,
                "server_id": intervention.id,
                "name": intervention.name,
                "state": intervention.state,
                "state_label": states[intervention.state],
                "start": _iso(intervention.planned_start),
                "end": _iso(intervention.planned_end),
                "earliest": _iso(intervention.earliest),
                "latest": _iso(intervention.latest),
                "is_fixed": intervention.is_fixed,
                "is_paused": intervention.is_paused,
                "priority": intervention.priority,
                "type": intervention.intervention_type,
                "nature": intervention.nature_id.name or "",
                "needs_report": intervention.nature_id.is_report_required,
                "needs_reading": intervention.nature_id.is_reading_required,
                "title": intervention.request_id.title or "",
                "description": html2plaintext(intervention.request_id.description or ""),
                "deadline": _iso(intervention.deadline),
                "technician": intervention.sudo().technician_id.name or "",
                "is_mine": intervention.technician_user_id == self.env.user,
                "helpers": intervention.sudo().helper_ids.mapped("name"),
                "customer": intervention.partner_id.name,
                "site": self._get_place(intervention.address_id or intervention.partner_id),
                "contact": self._get_contact(intervention),
                "equipment": intervention.equipment_ids.ids,
                "cover": covers[intervention],
                "coverage": intervention.coverage_label or "",
                "report": html2plaintext(intervention.report or ""),
                "findings": intervention.findings or "",
                "customer_comment": intervention.customer_comment or "",
                "signed_by": intervention.signed_by or "",
                "is_signed": bool(intervention.signature),
                "times": [
                    {"kind": time.kind, "start": _iso(time.start), "stop": _iso(time.stop)}
                    for time in intervention.time_ids
                ],
                "operations": self._get_operations(intervention),
                "consumptions": self._get_consumptions(intervention, entries),
                "tools": [
                    " ".join(filter(None, [tool.name, tool.serial_number]))
                    for tool in intervention.tool_ids
                ],
                "documents": documents[intervention.id],
                "loans": self._get_loans(intervention),
            }
            for intervention in interventions
        ]

    @api.model
    def _get_place(self, partner):
        """Where to go; a contact's name alone is no place."""
        return {
            "name": partner.name or partner.commercial_partner_id.name or "",
            "street": ", ".join(filter(None, [partner.street, partner.street2])),
            "city": " ".join(filter(None, [partner.zip, partner.city])),
            "latitude": partner.partner_latitude if partner.partner_longitude else 0,
            "longitude": partner.partner_longitude,
            "phone": partner.phone or partner.commercial_partner_id.phone or "",
            "access": html2plaintext(partner.comment or ""),
        }

    @api.model
    def _get_contact(self, intervention):
        contact = intervention.contact_id
        return {"name": contact.name or "", "phone": contact.phone or ""}

    @api.model
    def _get_operations(self, intervention):
        return [
            {
                "id": operation.id,
                "name": operation.name,
                "kind": operation.kind,
                "instruction": operation.instruction or "",
                "mandatory": operation.is_mandatory,
                "unit": operation.unit or "",
                "min": operation.value_min,
                "max": operation.value_max,
                "done": operation.done,
                "result": operation.result or "",
                "value": operation.value,
                "note": operation.note or "",
                "equipment": operation.equipment_id.id,
            }
            for operation in intervention.operation_ids
        ]

    @api.model
    def _get_loans(self, intervention):
        loans = intervention.loan_ids.filtered(lambda loan: loan.state != "cancelled")
        states = dict(loans._fields["state"]._description_selection(self.env))
        return [
            {
                "name": loan.name,
                "machine": loan.loan_lot_id.name or loan.product_id.display_name,
                "state": states[loan.state],
                "due": str(loan.date_due or ""),
            }
            for loan in loans
        ]

    @api.model
    def _get_own_entries(self, interventions):
        """``{consumption id: entry}``: what the user entered on these and can still take back."""
        own_sudo = self.env["service.field.command"].sudo()
        own_sudo = own_sudo.search_fetch(
            [
                ("intervention_id", "in", interventions.ids),
                ("user_id", "=", self.env.uid),
                ("kind", "in", ("consume", "unconsume")),
                ("verdict", "=", "applied"),
            ],
            ["uuid", "kind", "payload", "result"],
            order="id",
        )
        taken_back = {entry.payload["command"] for entry in own_sudo if entry.kind == "unconsume"}
        return {
            entry.result.get("consumption"): entry
            for entry in own_sudo
            if entry.kind == "consume" and entry.uuid not in taken_back
        }

    @api.model
    def _get_entry(self, entry):
        """How a line that the technician entered came about: needed to take it back offline."""
        if not entry:
            return {}
        plan = entry.result.get("plan")
        return {
            "command": entry.uuid,
            "rest": entry.result.get("rest"),
            "plan": plan and {"quantity": plan["quantity"], "to_order": plan["is_to_order"]},
        }

    @api.model
    def _get_consumptions(self, intervention, entries):
        """The lines; a cancelled one only when the user said that it was not used."""
        return [
            {
                "id": line.id,
                "product": line.product_id.id,
                "name": line.product_id.display_name,
                "kind": line.kind,
                "quantity": line.quantity,
                "unit": line.uom_id.name,
                "tracking": line.product_id.tracking,
                "state": line.state,
                "to_order": line.is_to_order,
                "ordered": bool(line.order_date),
                "numbers": line.lot_ids.mapped("name"),
                "equipment": line.equipment_line_id.equipment_id.id,
                **self._get_entry(entries.get(line.id)),
            }
            for line in intervention.consumption_ids
            if line.state != "cancelled"
            or (line.id in entries and entries[line.id].payload["quantity"] <= 0)
        ]

    @api.model
    def _get_covers(self, interventions):
        """``{intervention: {equipment id: what is free}}``; machines without a line are asked in
        one go."""
        covers = {intervention: {} for intervention in interventions}
        unknown = []
        for intervention in interventions:
            lines = intervention.request_equipment_ids.grouped("equipment_id")
            for machine in intervention.equipment_ids:
                line = lines.get(machine)
                if line:
                    covers[intervention][machine.id] = {
                        "status": line.coverage,
                        "reason": line.coverage_reason or "",
                        "part": line.parts_rate,
                        "labor": line.labor_rate,
                        "travel": line.travel_rate,
                    }
                elif intervention.state not in ENDED:
                    unknown.append((intervention, machine))
        items = [
            {
                "partner_id": intervention.partner_id.id,
                "equipment_id": machine.id,
                "company_id": intervention.company_id.id,
                "agency_id": intervention.agency_id.id,
            }
            for intervention, machine in unknown
        ]
        today = fields.Date.context_today(self)
        answers = self.env["service.contract"].sudo()._cover(items, today)
        for (intervention, machine), answer in zip(unknown, answers, strict=True):
            rates = answer["rates"]
            covers[intervention][machine.id] = {
                "status": answer["status"],
                "reason": answer["reason"],
                "part": rates["parts"],
                "labor": rates["labor"],
                "travel": rates["travel"],
            }
        return covers

    @api.model
    def _get_document_domain(self, interventions):
        """The files that belong to some work: of the interventions, their machines and requests."""
        machines = interventions.equipment_ids
        owners = {
            "service.intervention": interventions.ids,
            "service.equipment": machines.ids,
            "service.request": interventions.request_id.ids,
            "product.template": machines.product_id.product_tmpl_id.ids,
        }
        return Domain("res_field", "=", False) & Domain.OR(
            Domain("res_model", "=", model) & Domain("res_id", "in", ids)
            for model, ids in owners.items()
        )

    @api.model
    def _get_documents(self, interventions):
        """``{intervention id: [document]}``: what may be read about the work."""
        # machines and products show their files to everyone who sees them
        found = (
            self.env["ir.attachment"]
            .sudo()
            .search_fetch(
                self._get_document_domain(interventions),
                ["name", "mimetype", "file_size", "res_model", "res_id"],
            )
        )
        by_owner = defaultdict(list)
        for document in found:
            by_owner[document.res_model, document.res_id].append(
                {
                    "id": document.id,
                    "name": document.name,
                    "mimetype": document.mimetype,
                    "size": document.file_size,
                }
            )
        return {
            intervention.id: [
                row
                for owners in (
                    intervention,
                    intervention.request_id,
                    intervention.equipment_ids,
                    intervention.equipment_ids.product_id.product_tmpl_id,
                )
                for owner in owners
                for row in by_owner[owner._name, owner.id]
            ]
            for intervention in interventions
        }


def _iso(value):
    return value.isoformat() if value else None
