from . import service_intervention_exchange
from . import service_intervention_record
from . import service_intervention_propose
from . import service_intervention_propose_line
