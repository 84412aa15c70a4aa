from odoo import fields, models

# Who reads prices and margins: the office and those who sell, not technicians
OFFICE = (
    "installed_base.group_service_user,account.group_account_invoice,sales_team.group_sale_salesman"
)


class ServiceContractTerms(models.AbstractModel):
    """What a contract template proposes and a contract keeps: kind, renewal, billing, texts."""

    _name = "service.contract.terms"
    _description = "Service Contract Terms"

    kind = fields.Selection(
        [("warranty", "Warranty"), ("maintenance", "Maintenance"), ("points", "Points")],
        required=True,
        default="maintenance",
        help="A warranty covers before a maintenance contract, and both before points.",
    )
    start_on = fields.Selection(
        [("delivery", "Delivery"), ("commissioning", "Commissioning")],
        required=True,
        default="delivery",
        string="Starts on",
        help="What starts the coverage of a machine. Until a machine is commissioned its coverage "
        "runs from the delivery, so that a new machine is never without cover.",
    )
    renewal = fields.Selection(
        [("none", "None"), ("auto", "Automatic"), ("quote", "By Quotation")],
        required=True,
        default="none",
    )
    notice_days = fields.Integer(
        string="Notice (days)", help="How long before the end the renewal is prepared."
    )
    resource_calendar_id = fields.Many2one(
        "resource.calendar",
        string="Service Hours",
        check_company=True,
        help="When the hours of the commitments run; empty: day and night, every day.",
    )
    product_id = fields.Many2one(
        "product.product",
        string="Invoiced Product",
        check_company=True,
        domain="[('type', '=', 'service')]",
        help="The service on the invoices of the contract.",
    )
    currency_id = fields.Many2one(
        "res.currency", default=lambda self: self.env.company.currency_id, required=True
    )
    price = fields.Monetary(
        groups=OFFICE,
        help="Price of one invoicing interval, taxes excluded.",
    )
    index_id = fields.Many2one(
        "service.index",
        string="Price Index",
        ondelete="restrict",
        check_company=True,
        help="The price follows this index on each anniversary and in renewals; empty: it stays.",
    )
    invoice_interval = fields.Integer(string="Invoice Every", default=1)
    invoice_interval_unit = fields.Selection(
        [("month", "Month(s)"), ("year", "Year(s)")], required=True, default="year"
    )
    invoice_on_calendar = fields.Boolean(
        string="Calendar Periods",
        help="Invoicing intervals are months, quarters or years of the calendar: the first one is "
        "billed in proportion to its days. Otherwise, and for what an order sold, they are counted "
        "from the start on.",
    )
    invoice_timing = fields.Selection(
        [("advance", "In Advance"), ("arrears", "In Arrears")], required=True, default="advance"
    )
    terms = fields.Html(string="Terms and Conditions", translate=False)

    _invoice_interval_positive = models.Constraint(
        "CHECK (invoice_interval > 0)", "The invoicing interval must be at least one."
    )
    _notice_not_negative = models.Constraint(
        "CHECK (notice_days >= 0)", "The notice cannot be negative."
    )
