from . import maintenance_equipment
from . import service_equipment
