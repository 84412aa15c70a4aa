from odoo import api, fields, models

# what requests, their messages and their forms ask of a company: its whole row is ten times as wide
ASKED = {
    "account_price_include",
    "alias_domain_id",
    "currency_id",
    "partner_id",
    "service_coverage_prompt",
    "service_customer_number_auto",
    "service_customer_number_prefix_length",
    "service_default_coverage",
    "service_default_reaction_days",
    "service_recall_days",
}


class ResCompany(models.Model):
    _inherit = "res.company"

    # X3: SREDEFCOV
    service_default_coverage = fields.Selection(
        [("none", "Not Covered"), ("full", "Covered in Full")],
        string="Default Coverage",
        default="none",
        required=True,
        help="Coverage of a request that names neither a machine nor a competence.",
    )
    # X3: COVPROMPT
    service_coverage_prompt = fields.Boolean(
        string="Warn about Missing Coverage",
        default=True,
        help="Show a banner on requests that are not, or only partly, covered.",
    )
    # X3: QREAC
    service_default_reaction_days = fields.Integer(
        string="Default Reaction Time (days)",
        default=7,
        help="Days to solve a request that no contract covers.",
    )
    # X3: CHRSREPBC
    service_customer_number_prefix_length = fields.Integer(
        string="Prefix of the Customer Reference",
        default=3,
        help="How many characters of the customer code start the customer reference of a request; "
        "0 for the number alone.",
    )
    # X3: SRENUMAUT
    service_customer_number_auto = fields.Boolean(
        string="Automatic Customer Reference",
        default=True,
        help="Each request gets its customer reference by itself; otherwise it is typed, or "
        "proposed on demand.",
    )
    service_recall_days = fields.Integer(
        string="Recall Period (days)",
        default=30,
        help="A machine that fails again with the same symptom within these days after a request "
        "was closed is a repeat failure.",
    )

    def _read_service_settings(self):
        """Read what requests ask of their company."""
        self.fetch(self._get_service_settings())

    @api.model
    def _get_service_settings(self):
        """Names of the fields that requests ask; what is missing costs a query of its own later."""
        return ASKED
