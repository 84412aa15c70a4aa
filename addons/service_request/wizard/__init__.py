from . import service_coverage_confirm
from . import service_request_assign
from . import service_request_close
from . import service_request_merge
from . import service_request_split
from . import service_solution_search
from . import service_request_activity
