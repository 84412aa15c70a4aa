from odoo import api, models
from odoo.fields import Command

from odoo.addons.base.models.res_users import KEY_CRYPT_CONTEXT

from ..catalogue.people import CALENDAR_USERS, COMPETENCES, FIRST_SCREENS, QUEUES, ROLES, STAFF


class ServiceDemo(models.AbstractModel):
    _inherit = "service.demo"

    @api.model
    def _create_staff(self):
        """Users whose password is their login; technicians and dispatchers belong to an agency."""
        company = self._ref("company")
        users = self._make(
            "res.users",
            {
                login: {
                    "name": name,
                    "login": login,
                    "email": f"{login}@thermalp.example.com",
                    "tz": "Europe/Paris",
                    "company_id": company.id,
                    "company_ids": [Command.set(company.ids)],
                    "group_ids": [
                        Command.set(
                            [
                                self.env.ref(group).id
                                for group in ("base.group_user", *ROLES[role][1])
                            ]
                        )
                    ],
                }
                for login, (name, role, _agency) in STAFF.items()
            },
            "user",
        )
        users.notification_type = "inbox"  # nobody reads the mail of a demo
        for user in users:
            # the quick hash of API keys: the usual one takes most of a second for each user
            user._set_encrypted_password(user.id, KEY_CRYPT_CONTEXT.hash(user.login))
        roles = dict(zip(users, STAFF.values(), strict=True))
        for key in ("lyon", "grenoble", "annecy"):
            staff = users.filtered(
                lambda user, key=key: (
                    roles[user][2] == key and roles[user][1] in ("dispatcher", "technician")
                )
            )
            self._ref(f"agency_{key}").write(
                {
                    "user_ids": [Command.set(staff.ids)],
                    "manager_id": staff.filtered(lambda u: roles[u][1] == "dispatcher").id,
                }
            )

    @api.model
    def _set_first_screens(self):
        """Everybody starts where their work is."""
        for login, (_name, role, _agency) in STAFF.items():
            if role in FIRST_SCREENS:
                self._ref(f"user_{login}").action_id = self.env.ref(FIRST_SCREENS[role]).id
        everything = self.env.ref("service_request.service_request_action")
        self.env.ref("base.user_admin").action_id = everything.id

    @api.model
    def _create_competences(self):
        """Families first, then what belongs to them; the queues last."""
        for with_family in (False, True):
            chosen = {k: v for k, v in COMPETENCES.items() if bool(v[2]) == with_family}
            competences = self._make(
                "service.competence",
                {
                    key: {
                        "name": names[0],
                        "code": code,
                        "parent_id": with_family and self._ref(f"competence_{family}").id,
                        "user_ids": [Command.set(self._refs("user", users).ids)],
                    }
                    for key, (code, names, family, users) in chosen.items()
                },
                "competence",
            )
            self._translate(competences, [names for _c, names, _f, _u in chosen.values()])
        queues = self._make(
            "service.queue",
            {
                key: {
                    "name": names[0],
                    "code": code,
                    "company_id": self._ref("company").id,
                    "competence_ids": [Command.set(self._refs("competence", competences).ids)],
                    "user_ids": [Command.set(self._refs("user", members).ids)],
                    "manager_id": self._ref(f"user_{members[0]}").id,
                    "alias_name": address,
                }
                for key, (code, names, competences, members, address) in QUEUES.items()
            },
            "queue",
        )
        self._translate(queues, [names for _code, names, *_other in QUEUES.values()])

    @api.model
    def _create_employees(self):
        """The staff as employees; a technician has a van, which is a stock of its agency."""
        technicians = [login for login, person in STAFF.items() if person[1] == "technician"]
        self._make(
            "stock.location",
            {
                login: {
                    "name": f"Véhicule {STAFF[login][0]}",
                    "usage": "internal",
                    # beside the shelves and not among them: deliveries take nothing from a van
                    "location_id": self._ref(f"warehouse_{STAFF[login][2]}").view_location_id.id,
                    "company_id": self._ref("company").id,
                }
                for login in technicians
            },
            "van",
        )
        self._make(
            "hr.employee",
            {login: self._prepare_employee(login) for login in STAFF},
            "employee",
        )
        manager = self._ref("employee_sophie")
        for key in ("julien", "marion", "lucas"):
            dispatcher = self._ref(f"employee_{key}")
            agency = STAFF[key][2]
            team = [login for login in technicians if STAFF[login][2] == agency]
            self._refs("employee", team).parent_id = dispatcher
            dispatcher.parent_id = manager
        self._refs("employee", ("claire", "nadia")).parent_id = manager

    def _prepare_employee(self, login):
        name, role, agency = STAFF[login]
        values = {
            "name": name,
            "user_id": self._ref(f"user_{login}").id,
            "company_id": self._ref("company").id,
            "job_title": ROLES[role][0],
            "work_email": f"{login}@thermalp.example.com",
            "resource_calendar_id": self._ref(f"calendar_{agency}").id,
            "tz": "Europe/Paris",
        }
        if role == "technician":
            home = self._ref(f"agency_{agency}")
            sectors = self._model("service.sector").search([("agency_id", "=", home.id)])
            values |= {
                "is_technician": True,
                "technician_agency_ids": [Command.set(home.ids)],
                "technician_sector_ids": [Command.set(sectors.ids)],
                "stock_location_id": self._ref(f"van_{login}").id,
                "home_partner_id": home.partner_id.id,
                "hourly_cost": 34,
                "technician_calendar_sync": login in CALENDAR_USERS,
            }
        return values
