from odoo import api, fields, models
from odoo.exceptions import UserError


class ServiceRequest(models.Model):
    """What people press to give a request to somebody else."""

    _inherit = "service.request"

    @api.model_create_multi
    def create(self, vals_list):
        requests = super().create(vals_list)
        requests.filtered(lambda r: r.assignment == "sales")._create_sales_tasks()
        return requests

    def write(self, vals):
        handed = self.filtered(
            lambda r: vals.get("assignment") == "sales" and r.assignment != "sales"
        )
        result = super().write(vals)
        handed._create_sales_tasks()
        return result

    def action_take(self):
        """Take these requests out of their queue, to work on them oneself.

        :raise UserError: when somebody took one of them in the meantime
        """
        self._check_not_taken()
        return self.action_assign_to(self.env.uid)

    def _check_not_taken(self):
        taken = self.filtered(
            lambda r: r.assigned_by_hand and r.user_id and r.user_id != self.env.user
        )
        if taken:
            raise UserError(
                self.env._(
                    "Taken already: %(requests)s. Use « Assign » to move a request from one person "
                    "to another.",
                    requests=", ".join(f"{r.name} ({r.user_id.sudo().name})" for r in taken),
                )
            )

    def action_assign_to(self, user_id):
        """Give the requests to a collaborator.

        :param user_id: id of the res.users
        :raise UserError: when somebody else gives a request away at the same time, or it is closed
        """
        self._lock_for_assignment()
        self.write({"assignment": "user", "user_id": user_id, "queue_id": False})
        self.assigned_by_hand = True
        self._start_progress()
        return True

    def action_send_to_queue(self, queue_id):
        """Put the requests into a queue.

        :param queue_id: id of the service.queue
        :raise UserError: when somebody else gives a request away at the same time, or it is closed
        """
        self._lock_for_assignment()
        self.write({"assignment": "queue", "user_id": False, "queue_id": queue_id})
        self.assigned_by_hand = True
        return True

    def action_dispatch(self):
        """Give the requests back to the dispatching of their agency."""
        self._lock_for_assignment()
        for agency, requests in self.grouped("agency_id").items():
            requests.write(
                {
                    "assignment": "dispatch",
                    "user_id": False,
                    "queue_id": False,
                    "dispatch_agency_id": agency._filter_with_dispatcher().id,
                }
            )
        self.assigned_by_hand = True
        return True

    def action_send_to_sales(self):
        """Hand requests to the salespersons of their customers, with a to-do for the deadline.

        :return: a notice that names the salespersons, or says that there is none
        :raise UserError: when somebody else gives a request away at the same time, or it is closed
        """
        self._lock_for_assignment()
        self.write({"assignment": "sales", "user_id": False, "queue_id": False})
        self.assigned_by_hand = True
        orphans = self.filtered(lambda r: not r._get_salesperson())
        people = (self - orphans).mapped(lambda r: r._get_salesperson())
        if orphans:
            message = self.env._(
                "No task could be given to a salesperson. Create a sales action by hand."
            )
        else:
            message = self.env._(
                "A task was created for %(people)s.", people=", ".join(people.mapped("name"))
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if orphans else "success",
                "message": message,
                "sticky": bool(orphans),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _get_salesperson(self):
        """Who sells to the customer: the first one named on the request."""
        return self.sudo().salesperson_ids.filtered("active")[:1]

    def _get_customer_salesperson(self):
        """Who sells to the customer; seen as superuser, since anybody may look up a name."""
        customer_sudo = self.sudo().partner_id
        seller = customer_sudo.user_id or customer_sudo.commercial_partner_id.user_id
        return seller.filtered("active")

    def _create_sales_tasks(self):
        """A to-do for the salesperson of each customer, due on the deadline."""
        for request in self:
            seller = request._get_salesperson()
            if seller:
                deadline = request.deadline or fields.Datetime.now()
                theirs = self.with_context(lang=seller.lang).env
                # a call taker may not read the whole file of the salesperson
                request.sudo().activity_schedule(
                    "mail.mail_activity_data_todo",
                    date_deadline=fields.Datetime.context_timestamp(request, deadline).date(),
                    summary=theirs._("Service hands over: %(title)s", title=request.title),
                    user_id=seller.id,
                )

    def _start_progress(self):
        """Work begins: requests of the first stage move on to the next one."""
        stages = self.env["service.request.stage"]
        self.filtered(lambda r: r.stage_id == stages._get_first() and r.partner_id).write(
            {"stage_id": stages._get_progress().id}
        )

    def _lock_for_assignment(self):
        closed = self.filtered(lambda r: r.state != "open")
        if closed:
            raise UserError(
                self.env._(
                    "Closed or cancelled: %(requests)s. Reopen first, then assign.",
                    requests=", ".join(closed.mapped("name")),
                )
            )
        locked = self.try_lock_for_update()
        if locked != self:
            raise UserError(
                self.env._(
                    "Somebody else is assigning %(requests)s right now: reload the page and look "
                    "again.",
                    requests=", ".join((self - locked).mapped("name")),
                )
            )
