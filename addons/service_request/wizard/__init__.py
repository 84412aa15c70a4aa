from . import service_request_assign
from . import service_request_close
