from . import test_access
from . import test_accounting
from . import test_claims
from . import test_conservation
from . import test_guards
from . import test_instalments
from . import test_invoice_rules
from . import test_invoicing
from . import test_local_days
from . import test_money_details
from . import test_payers
from . import test_points_packs
from . import test_principals
from . import test_run
from . import test_sale_coverage
from . import test_screens
from . import test_trial_balances
from . import test_usage, test_usage_days
