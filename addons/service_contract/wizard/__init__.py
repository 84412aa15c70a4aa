from . import service_coverage_examination
from . import service_coverage_examination_line
from . import service_contract_stop
from . import service_equipment_transfer
from . import service_warranty_extend
