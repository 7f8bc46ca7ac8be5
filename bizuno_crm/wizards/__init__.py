from . import base_partner_merge
from . import bizuno_aged_receivable_report
from . import bizuno_aging_activity
from . import bizuno_statement
from . import bizuno_terms_wizard
