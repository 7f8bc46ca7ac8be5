from . import test_import
from . import test_import_contacts
from . import test_contacts_list
from . import test_import_pieces
from . import test_import_run
from . import test_import_undo
from . import test_import_orders
from . import test_import_odd
