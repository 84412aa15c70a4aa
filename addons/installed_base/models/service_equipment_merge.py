from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .reference_mover import ReferenceMover

# What says which record it is, or how it stands today: the survivor keeps its own
OWN_FIELDS = {
    "code",
    "name",
    "company_id",
    "active",
    "state",
    "state_since",
    "retirement_date",
    "owner_since",
    "site_since",
    "quantity",
    "merged_into_id",
}

# What only a record of the same customer knows
OWNER_FIELDS = {"site_id", "contact_id", "parent_id"}


class ServiceEquipment(models.Model):
    """Records of one machine that was entered twice become one."""

    _inherit = "service.equipment"

    merged_into_id = fields.Many2one(
        "service.equipment",
        index="btree_not_null",
        readonly=True,
        copy=False,
        check_company=True,
        ondelete="restrict",
        help="The record that took over everything of this one, which was entered twice.",
    )
    merged_from_ids = fields.One2many(
        "service.equipment",
        "merged_into_id",
        string="Records Merged Into This One",
        context={"active_test": False},
    )

    @api.constrains("active", "merged_into_id")
    def _check_merged_archived(self):
        for equipment in self:
            if equipment.active and equipment.merged_into_id:
                raise ValidationError(
                    self.env._(
                        "%(code)s was merged into %(survivor)s and stays archived: work with that "
                        "one.",
                        code=equipment.code,
                        survivor=equipment.merged_into_id.display_name,
                    )
                )

    def action_open_survivor(self):
        """Open the record that took over everything of this one."""
        return self.merged_into_id._get_records_action()

    def _merge_into(self, survivor):
        """Give everything of these records to another record of the same machine.

        Components, events, messages, documents, and the lines of any document that names them move;
        what the survivor does not know is taken from them. They stay, archived and empty.

        :param survivor: the service.equipment that remains
        :return: what could not be moved, because the survivor has the like: a list of records
        :raise UserError: when a record is of another company, is merged already, or survives
        """
        (self | survivor).check_access("write")
        self._check_mergeable(survivor)
        duplicates, survivor = self.sudo(), survivor.with_env(self.env).sudo()
        missing = duplicates._collect_missing_values(survivor)
        mover = ReferenceMover(self.env, self._get_fields_frozen_by_merge())
        for duplicate in duplicates:
            for component, twin in duplicate._pair_components(survivor):
                twin._complete_from(component)
                self.env.flush_all()
                mover.absorb(component, twin)
            mover.merge(duplicate, survivor)
        duplicates.write(
            {
                "active": False,
                "merged_into_id": survivor.id,
                "lot_id": False,
                "delivery_move_line_id": False,
            }
        )
        duplicates.flush_recordset()  # what is unique is free now
        survivor.write(missing)
        duplicates._tell_merge(survivor, mover.kept)
        return mover.kept

    @api.model
    def _get_fields_frozen_by_merge(self):
        """Stored computed fields that are decisions taken in the past: a merge leaves them alone.

        :return: list of fields, of whatever model names a machine
        """
        return []

    def _check_mergeable(self, survivor):
        for equipment in self | survivor:
            if equipment.company_id != survivor.company_id:
                problem = self.env._("it belongs to %s", equipment.company_id.display_name)
            elif equipment.merged_into_id:
                problem = self.env._(
                    "it was merged into %s already", equipment.merged_into_id.display_name
                )
            else:
                continue
            raise UserError(
                self.env._(
                    "%(equipment)s cannot be merged with %(survivor)s: %(problem)s.",
                    equipment=equipment.display_name,
                    survivor=survivor.display_name,
                    problem=problem,
                )
            )
        if survivor in self:
            raise UserError(
                self.env._("%s cannot be merged into itself: choose others.", survivor.display_name)
            )

    def _collect_missing_values(self, survivor):
        """What these records know and the survivor does not, the first record first."""
        values = {}
        # addresses and people are those of a customer
        of_owner = self.filtered(lambda machine: machine.partner_id == survivor.partner_id)
        for name, field in self._fields.items():
            if self._is_taken_over(field) and not survivor[name]:
                known = (of_owner if name in OWNER_FIELDS else self).filtered(name)[:1]
                if known:
                    values[name] = field.convert_to_write(known[name], known)
        notes = [equipment.note for equipment in survivor | self if equipment.note]
        if len(notes) > 1:
            values["note"] = Markup("<br/>").join(notes)
        return values

    @api.model
    def _is_taken_over(self, field):
        return (
            field.store
            and field.name not in OWN_FIELDS | set(models.MAGIC_COLUMNS)
            and field.type not in ("one2many", "many2many", "boolean", "properties")
            and not field.related
            and not (field.compute and field.readonly)
        )

    def _pair_components(self, survivor):
        """Components that both records have: the same part in the same place, entered twice."""
        pairs = []
        free = survivor.component_ids
        for component in self.component_ids:
            twin = free.filtered(lambda other, own=component: other._is_same_part(own))[:1]
            if twin:
                pairs.append((component, twin))
                free -= twin
        return pairs

    def _tell_merge(self, survivor, kept):
        """Leave a trace of the merge on both sides."""
        survivor._log_event(
            "merged",
            self.env._("Entered twice: everything of the other record is here now."),
            old_value=", ".join(self.mapped("display_name")),
            new_value=survivor.display_name,
        )
        merged = Markup(", ").join(duplicate._get_html_link() for duplicate in self)
        if kept:
            names = self.env["ir.model"]
            told = self.env._(
                "Entered twice: %(merged)s was merged into this record, and kept what this one has "
                "already: %(kept)s.",
                merged=merged,
                kept=", ".join(f"{names._get(row._name).name} {row.display_name}" for row in kept),
            )
        else:
            told = self.env._("Entered twice: %s was merged into this record.", merged)
        survivor.message_post(body=told)
        for duplicate in self:
            duplicate.message_post(
                body=self.env._("Entered twice: merged into %s.", survivor._get_html_link())
            )
