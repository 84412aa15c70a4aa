from . import hr_employee
from . import hr_employee_public
from . import service_consumption
from . import service_equipment
from . import service_intervention_nature
from . import service_intervention
from . import service_intervention_time
from . import service_request
