from . import account_move
from . import pos_order
from . import pos_order_line
from . import pos_payment
from . import res_partner
from . import sale_order
from . import sale_order_line
