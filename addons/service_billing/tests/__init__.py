from . import test_access
from . import test_conservation
from . import test_instalments
from . import test_invoice_rules
from . import test_invoicing
from . import test_run
