from odoo import api, fields, models
from odoo.fields import Command

from .service_contract_coverage import RATES
from .service_contract_terms import OFFICE


class ServiceEquipment(models.Model):
    _inherit = "service.equipment"

    contract_coverage_ids = fields.One2many(
        "service.contract.coverage",
        "equipment_id",
        string="Coverage Lines",
        groups=f"{OFFICE},installed_base.group_service_technician",
    )
    warranty_end = fields.Date(
        compute="_compute_warranty_end",
        store=True,
        index="btree_not_null",
        help="Latest end of the warranties that name this machine.",
    )
    coverage_status = fields.Selection(
        [("full", "Covered"), ("partial", "Partly Covered"), ("none", "Not Covered")],
        string="Covered Today",
        compute="_compute_coverage",
        help="What the contracts of the customer cover today, where the agency of the machine is, "
        "whatever the competence.",
    )
    coverage_reason = fields.Char(compute="_compute_coverage")
    coverage_contract_id = fields.Many2one(
        "service.contract", string="Covering Contract", compute="_compute_coverage"
    )
    parts_rate = fields.Float(string="Parts (%)", compute="_compute_coverage")
    labor_rate = fields.Float(string="Labour (%)", compute="_compute_coverage")
    travel_rate = fields.Float(string="Travel (%)", compute="_compute_coverage")

    @api.depends(
        "contract_coverage_ids.date_end",
        "contract_coverage_ids.is_exclusion",
        "contract_coverage_ids.contract_id.kind",
        "contract_coverage_ids.contract_id.state",
        "contract_coverage_ids.contract_id.party_ids",
        "partner_id",
    )
    def _compute_warranty_end(self):
        ends = {}
        for machine, party, end in self.env["service.contract.coverage"]._read_group(
            [
                ("equipment_id", "in", self._origin.ids),
                ("is_exclusion", "=", False),
                ("contract_id.kind", "=", "warranty"),
                ("contract_id.state", "in", ("active", "suspended", "expired")),
            ],
            ["equipment_id", "contract_id"],
            ["date_end:max"],
        ):
            if end and machine.partner_id.commercial_partner_id in party.party_ids:
                ends[machine] = max(end, ends.get(machine, end))
        for equipment in self:
            equipment.warranty_end = ends.get(equipment._origin, False)

    @api.depends_context("uid", "lang")
    @api.depends("partner_id", "product_id", "parent_id", "agency_id", "contract_coverage_ids")
    def _compute_coverage(self):
        for today, machines in self.grouped(lambda m: m.agency_id._get_today()).items():
            answers = self.env["service.contract"]._cover(
                [{"equipment_id": machine._origin.id} for machine in machines], today
            )
            for machine, answer in zip(machines, answers, strict=True):
                machine.coverage_status = answer["status"]
                machine.coverage_reason = answer["reason"]
                machine.coverage_contract_id = answer["contract_id"]
                for name in RATES:
                    machine[name] = answer["rates"][name.removesuffix("_rate")]

    @api.model
    def _get_history_fields(self):
        return [*super()._get_history_fields(), "contract_coverage_ids"]

    def _create_warranties(self):
        """Create and activate the warranties of machines just delivered.

        One contract for each delivery and customer; a machine still under warranty with its
        customer (it was only repaired) gets no second one.

        :return: the new service.contract
        """
        covered = self._filter_under_warranty()
        guaranteed = (self - covered).filtered(
            lambda machine: machine.product_id.warranty_template_id and machine.delivery_date
        )
        deliveries = guaranteed.grouped(
            lambda machine: (
                machine.delivery_move_line_id.picking_id,
                machine.partner_id.commercial_partner_id,
                machine.company_id,
            )
        )
        contract_model = self.env["service.contract"]
        contracts = contract_model.create(
            [
                machines._prepare_warranty_values(picking, customer)
                for (picking, customer, _company), machines in deliveries.items()
            ]
        )
        contracts._activate()
        return contracts

    def _prepare_warranty_values(self, picking, customer):
        """Values of the one contract that guarantees these machines.

        Machines with other warranties than the longest one keep their own duration on their line.

        :param picking: the stock.picking that delivered them
        :param customer: the res.partner they belong to
        """
        by_template = self.grouped(lambda machine: machine.product_id.warranty_template_id)
        start = min(self.mapped("delivery_date"))
        template = max(by_template, key=lambda t: (t._get_end_date(start), -t.id))
        lines = []
        for line_template, machines in by_template.items():
            own_life = line_template != template or template.start_on == "commissioning"
            lines += [
                {**vals, "duration_template_id": own_life and line_template.id}
                for vals in line_template._prepare_coverage_values(machines, narrow=True)
            ]
        return {
            "template_id": template.id,
            "kind": "warranty",
            "partner_id": customer.id,
            "company_id": self.company_id.id,
            "picking_id": picking.id,
            "date_start": start,
            "coverage_ids": [Command.create(vals) for vals in lines],
        }

    def _filter_under_warranty(self):
        """Those whose customer holds a warranty that covers their delivery date already."""
        lines = self.env["service.contract.coverage"].search_fetch(
            [
                ("equipment_id", "in", self.ids),
                ("is_exclusion", "=", False),
                ("contract_id.kind", "=", "warranty"),
                ("contract_id.state", "in", ("active", "suspended")),
            ]
        )
        return lines.filtered(
            lambda line: (
                line.equipment_id.partner_id.commercial_partner_id in line.contract_id.party_ids
                and line.equipment_id.delivery_date
                and (not line.date_end or line.date_end >= line.equipment_id.delivery_date)
            )
        ).equipment_id

    def _join_sold_contracts(self):
        """Let the contracts sold by the same orders, for no machine in particular, cover these."""
        by_order = self.filtered("sale_line_id").grouped(
            lambda machine: machine.sale_line_id.order_id
        )
        contracts = self.env["service.contract"].search(
            [
                ("sale_order_id", "in", [order.id for order in by_order]),
                ("state", "in", ("draft", "active", "suspended")),
                ("sale_line_id.service_equipment_ids", "=", False),
                ("previous_contract_id", "=", False),
            ]
        )
        for contract in contracts:
            machines = by_order[contract.sale_order_id]
            contract._add_equipment(machines)
            if not contract.date_start:
                contract.date_start = min(machines.mapped("delivery_date"))
        return contracts
