from . import base_partner_merge
from . import bizuno_account_status_wizard
from . import bizuno_aged_receivable_report
from . import bizuno_aging_activity
from . import bizuno_credit_approval_wizard
from . import bizuno_statement
from . import bizuno_terms_wizard
