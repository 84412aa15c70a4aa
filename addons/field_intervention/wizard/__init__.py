from . import service_intervention_cancel
from . import service_intervention_exchange
from . import service_intervention_record
from . import service_intervention_propose
from . import service_intervention_propose_line
from . import service_request_plan
from . import service_van_count
from . import service_van_count_line
