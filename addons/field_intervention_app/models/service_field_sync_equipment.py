from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL, html2plaintext

VISITS = 5


class ServiceFieldSync(models.AbstractModel):
    """The machines on a device: what they are made of, their meters, what happened to them."""

    _inherit = "service.field.sync"

    @api.model
    def _get_equipment_rows(self, machines):
        visits = self._get_visits(machines)
        states = dict(machines._fields["state"]._description_selection(self.env))
        return [
            {
                "id": machine.id,
                "code": machine.code,
                "name": machine.name or "",
                "product": machine.product_id.id,
                "product_name": machine.product_id.display_name,
                "serial": machine.serial_number or "",
                "state": states[machine.state],
                "version": machine.version or "",
                "note": html2plaintext(machine.note or ""),
                "commissioned": str(machine.commissioning_date or ""),
                "components": [
                    {
                        "id": part.id,
                        "product": part.product_id.id,
                        "name": part.product_id.display_name,
                        "serial": part.serial_number or "",
                        "position": part.position or "",
                        "quantity": part.quantity,
                        "level": part.level,
                    }
                    for part in machine.installed_component_ids
                ],
                "meters": [self._get_meter(meter) for meter in machine.meter_ids],
                "visits": visits[machine.id],
            }
            for machine in machines
        ]

    @api.model
    def _get_meter(self, meter):
        kind = meter.type_id
        return {
            "id": meter.id,
            "name": meter.name or kind.name,
            "unit": meter.uom_id.name,
            "counts_up": meter.is_cumulative,
            "rollover": kind.rollover_value,
            "outlier": kind.outlier_percent,
            "value": meter.value,
            "date": meter.last_reading_date.isoformat() if meter.last_reading_date else None,
            "per_day": meter.average_per_day,
        }

    @api.model
    def _get_visits(self, machines):
        """``{machine id: the last visits}``, in one query: the technician sees what colleagues did
        on the machine, not the rest of their work."""
        rows = machines.ids and self.env.execute_query_dict(
            SQL(
                """
                SELECT machine.id AS machine, visit.*
                  FROM unnest(%(machines)s::int[]) AS machine (id)
                 CROSS JOIN LATERAL (
                        SELECT intervention.name, intervention.done_date AS date,
                               intervention.report, intervention.findings, employee.name AS by
                          FROM service_equipment_service_intervention_rel link
                          JOIN service_intervention intervention
                            ON intervention.id = link.service_intervention_id
                     LEFT JOIN hr_employee employee ON employee.id = intervention.technician_id
                         WHERE link.service_equipment_id = machine.id
                           AND intervention.state IN ('done', 'to_resume')
                         ORDER BY intervention.done_date DESC NULLS LAST
                         LIMIT %(limit)s
                       ) visit
                """,
                machines=machines.ids,
                limit=VISITS,
            )
        )
        visits = defaultdict(list)
        for row in rows or ():
            visits[row["machine"]].append(
                {
                    "name": row["name"],
                    "date": row["date"].isoformat() if row["date"] else None,
                    "by": row["by"] or "",
                    "report": html2plaintext(row["report"] or ""),
                    "findings": row["findings"] or "",
                }
            )
        return visits

    @api.model
    def _get_model_rows(self, machines):
        """The parts of each product of these machines, by its service BOM."""
        products = machines.product_id
        boms = (
            self.env["service.bom"]
            .sudo()
            .search([("product_tmpl_id", "in", products.product_tmpl_id.ids)])
        )
        by_template = boms.grouped("product_tmpl_id")
        return [
            {
                "id": product.id,
                "parts": sorted(
                    set(
                        by_template.get(
                            product.product_tmpl_id, boms.browse()
                        ).line_ids.product_id.ids
                    )
                ),
            }
            for product in products
        ]
