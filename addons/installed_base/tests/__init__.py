from . import test_access
from . import test_delivery
from . import test_equipment
from . import test_import
from . import test_meter
from . import test_meter_access
from . import test_meter_reading
from . import test_sector
