from . import test_access
from . import test_intervention
from . import test_operations
from . import test_plan
from . import test_plan_dates
from . import test_report
from . import test_request
