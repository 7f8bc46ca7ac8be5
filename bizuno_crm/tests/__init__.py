from . import test_aging_figures
from . import test_aging_index
from . import test_aging_ledger
from . import test_aging_print
from . import test_aging_report
from . import test_aging_tours
from . import test_contact_defaults
from . import test_contact_delete
from . import test_contact_id
from . import test_contact_id_concurrency
from . import test_contact_import
from . import test_contact_install
from . import test_contact_lists
from . import test_contact_merge
from . import test_contact_roles
from . import test_contact_status
from . import test_contact_tours
from . import test_history
from . import test_promo_contacts
from . import test_promo_newsletter
from . import test_promo_process
from . import test_promo_recipients
from . import test_promo_send
from . import test_promo_tours
from . import test_rep_sales
from . import test_statement
from . import test_statement_mailing

# lead, log, pipeline, reminder, dashboard
from . import test_codes
from . import test_dashboard_data
from . import test_lead_conversion
from . import test_lead_tours
from . import test_log_entries
from . import test_pipeline_projects
from . import test_reminder_concurrency
from . import test_reminder_rhythm
from . import test_credit_doors
from . import test_credit_growth
from . import test_credit_hold
from . import test_credit_install
from . import test_credit_policy
from . import test_credit_race
from . import test_credit_status
from . import test_credit_tours
from . import test_price_sheet
from . import test_tax_exempt
from . import test_terms_contact
from . import test_terms_rights
from . import test_terms_text

# rights
from . import test_rights_fields
from . import test_rights_own_contacts
from . import test_rights_rpc
from . import test_rights_table

# all areas
from . import test_guest_values
from . import test_companies_figures
from . import test_companies_jobs
from . import test_concurrency
from . import test_texts_browser
from . import test_texts_rendered
from . import test_translations
