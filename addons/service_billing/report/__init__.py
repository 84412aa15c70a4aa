from . import service_billing_balance
from . import service_margin
from . import service_request_payer
from . import service_salesperson_base
