from .contact import base_module_uninstall
from .contact import base_partner_merge
from .contact import bizuno_account_status_wizard
from .receivable import bizuno_aged_receivable_report
from .receivable import bizuno_aged_payable_report
from .receivable import bizuno_aging_activity
from .contact import bizuno_contact_id_assign
from .credit import bizuno_credit_approval_wizard
from .receivable import bizuno_statement

# lead, log, pipeline, reminder, dashboard
from .crm import base_partner_merge_log
from .crm import bizuno_lead_convert
from .crm import bizuno_log_action
from .crm import bizuno_project_close
from .crm import bizuno_reminder_snooze
from .profit import bizuno_project_assign
from .profit import bizuno_project_portfolio
from .profit import sale_order_discount
from .promo import base_partner_merge_newsletter
from .terms import bizuno_terms_wizard
from .promo import mail_compose_message

# the move from Bizuno
from .importer import bizuno_contact_export
from .importer import bizuno_import
from .importer import bizuno_import_choice
