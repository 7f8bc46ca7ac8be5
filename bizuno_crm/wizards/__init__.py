from . import base_module_uninstall
from . import base_partner_merge
from . import base_partner_merge_contact_id
from . import bizuno_account_status_wizard
from . import bizuno_aged_receivable_report
from . import bizuno_aging_activity
from . import bizuno_contact_id_assign
from . import bizuno_credit_approval_wizard
from . import bizuno_statement

# lead, log, pipeline, reminder, dashboard
from . import base_partner_merge_log
from . import bizuno_lead_convert
from . import bizuno_log_action
from . import bizuno_project_close
from . import bizuno_reminder_snooze
from . import bizuno_terms_wizard
from . import mail_compose_message
