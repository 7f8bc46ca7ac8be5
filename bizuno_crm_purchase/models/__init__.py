from . import account_move
from . import bizuno_project
from . import purchase_order
