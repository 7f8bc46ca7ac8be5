from . import test_account_moves
from . import test_contact_defaults
from . import test_price_sheet
from . import test_tax_exempt
from . import test_terms_contact
from . import test_terms_log
from . import test_terms_rights
from . import test_terms_text
