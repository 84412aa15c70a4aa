from . import product_product
from . import product_template
from . import service_equipment
from . import service_equipment_component
from . import stock_move
from . import stock_move_line
from . import stock_move_line_return
