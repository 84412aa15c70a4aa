from . import service_billing_balance
