from . import account_move
from . import account_move_line
from . import bizuno_import_record
from . import bizuno_import_run
from . import bizuno_project
from . import purchase_order
from . import purchase_order_line
