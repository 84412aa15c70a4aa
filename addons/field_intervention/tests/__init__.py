from . import test_access
from . import test_intervention
from . import test_report
