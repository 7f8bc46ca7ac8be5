from . import test_area_order
from . import test_companies_jobs
from . import test_concurrency
from . import test_depends
from . import test_edges_tours
from . import test_form_fields
from . import test_guards
from . import test_guest_values
from . import test_jobs
from . import test_javascript
from . import test_logic
from . import test_odoo_insides
from . import test_page_costs
from . import test_rights_fields
from . import test_rights_own_contacts
from . import test_rights_rpc
from . import test_rights_table
from . import test_technical_fields
from . import test_texts_browser
from . import test_texts_rendered
from . import test_translations
from .contact import *  # noqa: F403
from .terms import *  # noqa: F403
from .credit import *  # noqa: F403
from .receivable import *  # noqa: F403
from .crm import *  # noqa: F403
from .profit import *  # noqa: F403
from .promo import *  # noqa: F403
from .importer import *  # noqa: F403
