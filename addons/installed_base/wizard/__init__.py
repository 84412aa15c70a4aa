from . import base_partner_merge
from . import base_import_import
from . import service_meter_replace
from . import service_equipment_component_replace
from . import service_equipment_merge
from . import service_equipment_move
from . import service_equipment_transfer
