from . import test_access
from . import test_assignment
from . import test_consumption
from . import test_coverage
from . import test_deadline
from . import test_merge
from . import test_request
