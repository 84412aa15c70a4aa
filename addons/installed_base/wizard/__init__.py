from . import base_import_import
from . import service_meter_replace
