import logging
from collections import namedtuple
from operator import itemgetter

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from .payload import Malformed, check_payload, digest, is_storable, is_uuid

_logger = logging.getLogger(__name__)

# what a kind of command is: its name, the method that applies it, what its payload holds, which of
# that is applied but not kept in the log, whether the method takes a list of payloads at once, and
# whether it depends on all that was done before, not on what was done on the same intervention only
Handler = namedtuple(
    "Handler",
    ("label", "apply", "schema", "private", "takes_many", "looks_back"),
    defaults=((), False, False),
)

REVIEWS = [
    ("cancelled", "Done Although Cancelled"),
    ("given_away", "Done Although Given to Somebody Else"),
    ("ended", "Sent After the End"),
    ("question", "The Request Could Not Be Closed"),
    ("asked", "The Technician Asks"),
    ("not_ok", "Solved Although Something Is Not OK"),
    ("outlier", "Unusual Meter Reading"),
]


def _hash(command):
    """A short name of what a command says."""
    return digest(command["kind"], command["chain"], command["payload"])


class NotYet(Exception):
    """A command that cannot be applied yet: the device sends it again."""


class ServiceFieldCommand(models.Model):
    """Something that a technician did on a device, applied once.

    The row is the proof that it was applied: it is written in the transaction of its effects, and
    stays.
    """

    _name = "service.field.command"
    _description = "Field Entry"
    _inherit = ["service.append.only"]
    _order = "id desc"
    _rec_name = "uuid"

    uuid = fields.Char(string="UUID", required=True)
    content_hash = fields.Char(required=True, help="The same id may not come with other content.")
    device_id = fields.Many2one("service.field.device", index="btree_not_null")
    user_id = fields.Many2one("res.users", string="Technician", required=True, index=True)
    company_id = fields.Many2one("res.company", index="btree_not_null")
    seq = fields.Integer(string="Sequence", help="Order on the device.")
    kind = fields.Char(required=True)
    chain = fields.Char(help="Entries of one chain are applied in their order.")
    payload = fields.Json()
    verdict = fields.Selection(
        [
            ("applied", "Applied"),
            ("conflict", "Conflict"),
            ("rejected", "Rejected"),
            ("retry", "To Retry"),
        ],
        index=True,
        help="Conflict: the office decides. Rejected: the technician corrects it. To retry: the "
        "device sends it again.",
    )
    result = fields.Json()
    message = fields.Char(help="Why it was not simply applied.")
    review = fields.Selection(REVIEWS, help="Applied, but somebody in the office should look.")
    applied_on = fields.Datetime(string="Applied on")
    hits = fields.Integer(string="Times Received", default=1)
    intervention_id = fields.Many2one(
        "service.intervention", index="btree_not_null", ondelete="set null"
    )
    settled_on = fields.Datetime(string="Settled on")
    settled_by_id = fields.Many2one("res.users", string="Settled by")
    needs_attention = fields.Boolean(compute="_compute_needs_attention", store=True)

    _uuid_uniq = models.Constraint("unique(uuid)", "This entry has been received already.")
    _to_retry = models.Index("(device_id, chain) WHERE verdict = 'retry'")
    _needing_attention = models.Index("(id DESC) WHERE needs_attention")

    @api.depends("verdict", "review", "settled_on")
    def _compute_needs_attention(self):
        for command in self:
            open_ = command.verdict in ("conflict", "rejected", "retry") or command.review
            command.needs_attention = bool(open_ and not command.settled_on)

    def action_settle(self):
        """The office has looked at these entries and done what was needed."""
        self.check_access("read")
        if not self.env.user.has_group("installed_base.group_service_dispatcher"):
            raise AccessError(self.env._("Only dispatchers settle what devices sent."))
        self.sudo().write({"settled_on": fields.Datetime.now(), "settled_by_id": self.env.uid})
        return True

    # ------------------------------------------------------------ receiving
    @api.model
    def _receive(self, device, commands):
        """Apply each command once, as the current user.

        :param device: the service.field.device that sends
        :param commands: list of ``{uuid, seq, kind, chain, payload}``
        :return: list of ``{uuid, verdict, message?, result?, duplicate?}``, one for each command;
            after one to retry, those of the same chain wait
        """
        commands = sorted(commands, key=itemgetter("seq"))
        try:
            with self.env.cr.savepoint():
                return self._receive_together(device, commands)
        except psycopg2.OperationalError:
            raise  # a concurrent transaction: the whole request is run again
        except Exception as error:
            # which of them it was, and what to say about it, is found one by one
            _logger.debug("Entries of a device are applied one by one: %s", error)
            return self._receive_apart(device, commands)

    @api.model
    def _receive_together(self, device, commands):
        """Apply commands that are all new, and none of which is refused: with few queries.

        :raise Exception: when one of them is known, has to wait or is refused; all of them are to
            be applied one by one then
        """
        if not commands:
            return []
        if self._find_stuck_chains(device, commands):
            raise NotYet
        claimed = self._claim(device, commands)
        if len(claimed) < len(commands):
            raise NotYet
        for run in self._split_into_runs(commands):
            payloads = [command["payload"] for command in run]
            results = self._run_handler(run[0]["kind"], payloads)
            for command, values in zip(run, results, strict=True):
                claimed[command["uuid"]]._note_result(values)
        self.env.flush_all()
        return [claimed[command["uuid"]]._get_answer() for command in commands]

    @api.model
    def _split_into_runs(self, commands):
        """Lists of commands of one kind, to be applied one after the other.

        Order counts within a chain only: what was done on several interventions is applied
        together, which needs few queries.
        """
        handlers, runs, reached, barrier = self._get_handlers(), [], {}, 0
        for command in commands:
            kind, chain = command["kind"], command["chain"]
            looks_back = kind in handlers and handlers[kind].looks_back
            first = len(runs) if looks_back else max(reached.get(chain, 0), barrier)
            same_kind = (n for n in range(first, len(runs)) if runs[n][0]["kind"] == kind)
            position = next(same_kind, len(runs))
            if position == len(runs):
                runs.append([])
            runs[position].append(command)
            reached[chain] = position
            if looks_back:
                barrier = position
        return runs

    @api.model
    def _receive_apart(self, device, commands):
        """Apply commands one after the other, each whatever becomes of the others."""
        answers, waiting = [], self._find_stuck_chains(device, commands)
        for command in commands:
            if command["chain"] in waiting:
                answers.append(
                    {
                        "uuid": command["uuid"],
                        "verdict": "retry",
                        "message": self.env._("An earlier entry of the same intervention waits."),
                    }
                )
                continue
            answer = self._receive_one(device, command)
            if answer["verdict"] == "retry":
                waiting.add(command["chain"])
            answers.append(answer)
        return answers

    @api.model
    def _find_stuck_chains(self, device, commands):
        """Chains in which an entry of this device, sent before, still has to be tried again."""
        stuck_sudo = self.sudo().search(
            [
                ("device_id", "=", device.id),
                ("verdict", "=", "retry"),
                ("chain", "in", [command["chain"] for command in commands]),
                ("uuid", "not in", [command["uuid"] for command in commands]),
            ]
        )
        return set(stuck_sudo.mapped("chain"))

    @api.model
    def _is_well_formed(self, command):
        """Whether this can be a command at all."""
        return (
            isinstance(command, dict)
            and is_uuid(command.get("uuid"))
            and isinstance(command.get("seq"), int)
            and 0 <= command["seq"] < 2**31
            and isinstance(command.get("kind"), str)
            and isinstance(command.get("chain"), str)
            and len(command["kind"]) <= 40
            and len(command["chain"]) <= 40
            and isinstance(command.get("payload"), dict)
            and is_storable(command)
        )

    @api.model
    def _receive_one(self, device, command):
        claimed = self._claim(device, [command])
        if claimed:
            return self._apply(claimed[command["uuid"]], command)
        # Had a concurrent transaction claimed it, or applied it meanwhile, PostgreSQL would refuse
        # the claim or the count below with a serialization error: the request is run again.
        known_sudo = self.sudo().search([("uuid", "=", command["uuid"])])
        if known_sudo.user_id != self.env.user or known_sudo.content_hash != _hash(command):
            return {
                "uuid": command["uuid"],
                "verdict": "rejected",
                "message": self.env._("This id was used for something else already."),
            }
        known_sudo.hits += 1
        if known_sudo.verdict == "retry":
            return self._apply(known_sudo, command)
        return {**known_sudo._get_answer(), "duplicate": True}

    @api.model
    def _claim(self, device, commands):
        """Write the rows of those commands that are new.

        :return: ``{uuid: the command, sudoed}``
        """
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO service_field_command
                            (uuid, content_hash, device_id, user_id, company_id, seq, kind, chain,
                             payload, hits, create_uid, create_date)
                     VALUES %(rows)s
                ON CONFLICT (uuid) DO NOTHING
                  RETURNING uuid, id
                """,
                rows=SQL(", ").join(self._prepare_row(device, command) for command in commands),
            )
        )
        claimed = self.sudo().browse(id_ for _uuid, id_ in rows)
        return {uuid: entry for (uuid, _id), entry in zip(rows, claimed, strict=True)}

    @api.model
    def _prepare_row(self, device, command):
        handler = self._get_handlers().get(command["kind"])
        private = handler.private if handler else ()
        kept = {key: value for key, value in command["payload"].items() if key not in private}
        return SQL(
            "(%(uuid)s, %(hash)s, %(device)s, %(user)s, %(company)s, %(seq)s, %(kind)s, %(chain)s,"
            " %(payload)s, 1, %(user)s, %(now)s)",
            uuid=command["uuid"],
            hash=_hash(command),
            device=device.id or None,
            user=self.env.uid,
            company=self.env.company.id,
            seq=command["seq"],
            kind=command["kind"],
            chain=command["chain"],
            payload=psycopg2.extras.Json(kept),
            now=fields.Datetime.now(),
        )

    @api.model
    def _apply(self, entry_sudo, command):
        """Run the handler as the technician and note the verdict.

        A refusal of the business is final; an error of ours is not: the device tries again.
        """
        try:
            with self.env.cr.savepoint():
                [values] = self._run_handler(command["kind"], [command["payload"]])
                self.env.flush_all()
        except Malformed as error:
            message = self.env._("The app sent something unexpected in « %s ».", error)
            entry_sudo._note_refusal("rejected", message)
        except UserError as error:
            entry_sudo._note_refusal("rejected", str(error))
        except (psycopg2.IntegrityError, psycopg2.DataError) as error:
            entry_sudo._note_refusal("rejected", self._describe_refusal(error))
        except psycopg2.OperationalError:
            raise  # a concurrent transaction: the whole request is run again
        except NotYet as error:
            entry_sudo._note_refusal("retry", str(error))
        except Exception as error:
            _logger.exception("Entry %s of a device could not be applied", command["uuid"])
            entry_sudo._note_refusal("retry", str(error))
        else:
            entry_sudo._note_result(values)
        return entry_sudo._get_answer()

    def _note_result(self, values):
        """Keep what a handler returned."""
        values = dict(values)
        conflict = values.pop("conflict", False)
        review, intervention = values.pop("review", False), values.pop("intervention", False)
        self._note_verdict(
            "conflict" if conflict else "applied",
            conflict,
            review=review,
            intervention_id=intervention and intervention.id,
            result=values,
        )

    def _note_refusal(self, verdict, message):
        """Keep why it was not applied, and which intervention of the company it is about."""
        uuid_ = (self.payload or {}).get("intervention")
        intervention = is_uuid(uuid_) and self.env["service.intervention"].search(
            [("uuid", "=", uuid_), ("company_id", "=", self.company_id.id)]
        )
        self._note_verdict(verdict, message, intervention_id=intervention and intervention.id)

    def _note_verdict(self, verdict, message, **values):
        known = {"review": False, "intervention_id": False, "result": {}}
        now = fields.Datetime.now()
        self.write({**known, **values, "verdict": verdict, "message": message, "applied_on": now})

    @api.model
    def _describe_refusal(self, error):
        """The sentence of the constraint by which the database refused an entry."""
        tables = {model._table: model for model in self.env.registry.values()}
        model = tables.get(error.diag.table_name)
        return self.env[model._name if model else "base"]._sql_error_to_message(error)

    @api.model
    def _run_handler(self, kind, payloads):
        """What the handler of a kind returns for each of these payloads."""
        handler = self._get_handlers().get(kind)
        if not handler:
            raise UserError(
                self.env._("The server does not know entries of the kind « %s ».", kind)
            )
        for payload in payloads:
            check_payload(payload, handler.schema)
        if handler.takes_many:
            return handler.apply(payloads)
        return [handler.apply(payload) for payload in payloads]

    @api.model
    def _get_handlers(self):
        """``{kind: Handler}``: the register of kinds. A module adds those whose business it owns.

        It extends this model and this method, adds its kinds to what ``super()`` returns, and
        gives each a method that translates the payload into a call of its own business::

            _inherit = "service.field.command"

            def _get_handlers(self):
                schema = {"intervention": uuid.UUID, "rooms": int}
                handler = Handler(_lt("Rooms"), self._apply_rooms, schema)
                return {**super()._get_handlers(), "rooms": handler}

            def _apply_rooms(self, payload):
                intervention, review = self._find_intervention(payload)
                intervention.action_count_rooms(payload["rooms"])
                return {"intervention": intervention, "review": review}

        No rule of the business lives in a handler: what it refuses and what it changes is said by
        the models that it calls, so that the web client and the device are told the same.

        A handler runs as the technician. It gets the payload and returns a dict: what the device
        may want to know, and optionally ``intervention`` (the record concerned), ``review`` (a key
        of ``REVIEWS``: applied, but somebody should look) and ``conflict`` (a sentence: not
        applied, the office decides). One that takes many gets a list of payloads and returns a
        list. It raises UserError to refuse, NotYet to be called again.
        """
        return {}

    def _get_answer(self):
        self.ensure_one()
        answer = {"uuid": self.uuid, "verdict": self.verdict, "result": self.result or {}}
        if self.message:
            answer["message"] = self.message
        if self.review:
            labels = dict(self._fields["review"]._description_selection(self.env))
            answer["review"] = labels[self.review]
        return answer
