from . import account_move
from . import account_move_line
from . import res_company
from . import res_config_settings
from . import service_agency
from . import service_consumption
from . import service_request
