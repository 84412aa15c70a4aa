from urllib.parse import quote

from odoo import api, models
from odoo.exceptions import AccessError, UserError, ValidationError


class ServiceEquipment(models.Model):
    """Where machines stand and whose they are, and how that changes."""

    _inherit = "service.equipment"

    @api.onchange("partner_id")
    def _onchange_partner_id(self):
        owner = self.partner_id.commercial_partner_id
        if owner != self.partner_id:
            self.site_id, self.partner_id = self.partner_id, owner
        if self.site_id.commercial_partner_id != self.partner_id:
            self.site_id = False
        if self.contact_id.commercial_partner_id != self.partner_id:
            self.contact_id = False

    @api.constrains("partner_id", "site_id")
    def _check_site(self):
        for equipment in self.filtered("site_id"):
            owner = equipment.partner_id.commercial_partner_id
            if equipment.site_id.commercial_partner_id != owner:
                raise ValidationError(
                    self.env._(
                        "The site %(site)s of %(equipment)s is not an address of the customer "
                        "%(customer)s: choose one of its addresses.",
                        site=equipment.site_id.display_name,
                        equipment=equipment.display_name,
                        customer=owner.display_name,
                    )
                )

    @api.constrains("parent_id")
    def _check_parent(self):
        for equipment in self.filtered("parent_id"):
            if equipment.parent_id.partner_id != equipment.partner_id:
                raise ValidationError(
                    self.env._(
                        "%(equipment)s cannot be part of %(system)s, which belongs to %(owner)s.",
                        equipment=equipment.display_name,
                        system=equipment.parent_id.display_name,
                        owner=equipment.parent_id.partner_id.display_name,
                    )
                )
        if self._has_cycle():
            raise ValidationError(
                self.env._(
                    "%s would be a part of itself: choose another system for it.",
                    self[:1].display_name,
                )
            )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create(self._resolve_owners(vals_list))

    def write(self, vals):
        if vals.get("partner_id"):
            [vals] = self._resolve_owners([vals])
            self._check_may_give(vals["partner_id"])
        return super().write(vals)

    def action_open_map(self):
        """Show the site of the machine on a map; a phone opens its own."""
        self.ensure_one()
        address = " ".join(self.site_id._display_address(without_company=True).split())
        return {
            "type": "ir.actions.act_url",
            "url": f"https://www.google.com/maps/search/?api=1&query={quote(address)}",
        }

    def _move_to(self, site, date, contact=None):
        """Bring machines, with those that are part of them, to another address of their customer.

        :param site: the res.partner where they stand from now on
        :param date: the day of the move
        :param contact: whom to ask for there; None: as before
        :return: all the machines that moved
        :raise UserError: when the day is in the future, or before a machine was delivered
        """
        machines = self._with_parts()
        machines._check_day(date)
        values = {"site_id": site.id, "site_since": date}
        if contact is not None:
            values["contact_id"] = contact.id
        machines.write(values)
        self._leave_systems(lambda machine: machine.parent_id.site_id != site)
        return machines

    def _transfer_to(self, partner, site, date, contact=None, answer=None):
        """Give machines, with those that are part of them, to another customer.

        :param partner: the new owner
        :param site: the address of the new owner where they stand
        :param date: first day with the new owner
        :param contact: whom to ask for there
        :param answer: what a person decided about the rest, see :meth:`_transfer_contracts`
        :return: all the machines that changed hands
        :raise UserError: when the day is in the future, or before a machine was delivered
        """
        machines = self._with_parts()
        machines._check_day(date)
        machines._transfer_contracts(answer)
        machines.write(
            {
                "partner_id": partner.commercial_partner_id.id,
                "site_id": site.id,
                "contact_id": contact.id if contact else False,
                "owner_since": date,
                "site_since": date,
            }
        )
        self._leave_systems(lambda machine: machine.parent_id.partner_id != machine.partner_id)
        return machines

    @api.model
    def _resolve_owners(self, vals_list):
        """The owner is the commercial entity: an address given as the owner is the site."""
        partners = self.env["res.partner"].browse(
            {vals["partner_id"] for vals in vals_list if vals.get("partner_id")}
        )
        owners = {partner.id: partner.commercial_partner_id.id for partner in partners}
        return [self._resolve_owner(vals, owners) for vals in vals_list]

    @api.model
    def _resolve_owner(self, vals, owners):
        partner = vals.get("partner_id")
        owner = owners.get(partner, partner)
        if owner == partner:
            return vals
        return {**vals, "partner_id": owner, "site_id": vals.get("site_id") or partner}

    def _check_may_give(self, partner_id):
        """Refuse that technicians give machines to another customer: contracts hang on it."""
        given = self.filtered(lambda machine: machine.partner_id.id != partner_id)
        is_office = self.env.su or self.env.user.has_group("installed_base.group_service_user")
        if given and not is_office:
            raise AccessError(
                self.env._(
                    "%s belongs to another customer: ask the office to transfer it.",
                    given[0].display_name,
                )
            )

    def _transfer_contracts(self, answer):
        """Settle what becomes of the contracts that name machines about to change hands.

        Called while the machines still belong to their old owner. Here there are no contracts.

        :param answer: the confirmed service.equipment.transfer, or None if nobody was asked
        """

    def _with_parts(self):
        """These machines and those that are part of them, at any depth."""
        machines = level = self
        while level := level.child_ids - machines:
            machines |= level
        return machines

    def _leave_systems(self, condition):
        self.filtered("parent_id").filtered(condition).parent_id = False

    def _check_day(self, date):
        """Refuse a day on which these machines cannot have changed their place."""
        for equipment in self:
            if date > equipment.agency_id._get_today():
                raise UserError(
                    self.env._("%s is in the future: record it on the day it happens.", date)
                )
            if equipment.delivery_date and date < equipment.delivery_date:
                raise UserError(
                    self.env._(
                        "%(equipment)s was delivered on %(delivered)s: it cannot have changed its "
                        "place before, on %(date)s.",
                        equipment=equipment.display_name,
                        delivered=equipment.delivery_date,
                        date=date,
                    )
                )
