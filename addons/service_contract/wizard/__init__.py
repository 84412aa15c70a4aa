from . import service_contract_stop
from . import service_equipment_transfer
from . import service_warranty_extend
