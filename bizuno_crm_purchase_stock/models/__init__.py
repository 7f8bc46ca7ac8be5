from . import purchase_order_line
from . import stock_rule
