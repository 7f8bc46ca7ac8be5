from .base import res_company
from .contact import res_config_settings
from .contact import res_partner_roles
from .contact import res_partner_contact_id
from .contact import res_partner_status
from .contact import res_partner_contact
from .contact import res_users

# rights
from .base import ir_model_access
from .contact import ir_rule

# receivables
from .receivable import bizuno_statement_mailing
from .receivable import bizuno_statement_mailing_line
from .receivable import ir_ui_menu
from .receivable import res_company
from .receivable import res_config_settings
from .receivable import res_partner_aging
from .receivable import res_partner_history
from .receivable import res_partner_statement
from .receivable import res_users

# lead, log, pipeline, reminder, dashboard
from .base import bizuno_code_mixin
from .crm import bizuno_action_code
from .crm import bizuno_contact_log
from .crm import bizuno_dashboard
from .crm import bizuno_dashboard_sales
from .crm import bizuno_market
from .crm import bizuno_project
from .crm import bizuno_project_stage
from .crm import bizuno_project_forecast
from .crm import bizuno_project_sales
from .crm import bizuno_reminder
from .crm import bizuno_reminder_mixin
from .crm import mail_activity
from .crm import res_company
from .crm import res_config_settings
from .contact import res_partner_duplicates
from .receivable import res_partner_first_sale
from .crm import res_partner_lead
from .crm import res_partner_lead_person
from .crm import res_partner_log
from .crm import res_partner_pipeline
from .crm import res_partner_reminder
from .crm import res_users
from .crm import sale_order

# terms, credit, tax exemption, price sheet: the mixin before the models that inherit it
from .base import bizuno_computed_mixin
from .credit import bizuno_credit_status_mixin
from .credit import bizuno_credit_approval_mixin
from .credit import bizuno_credit_mixin
from .terms import bizuno_tax_exempt_mixin
from .credit import account_move
from .terms import account_move
from .terms import account_payment_term
from .credit import account_bank_statement_line
from .credit import bizuno_credit_approval
from .credit import bizuno_credit_wait
from .crm import bizuno_dashboard_credit
from .crm import bizuno_dashboard_setup
from .crm import bizuno_setup_step
from .terms import res_partner_missing_limit
from .credit import payment_transaction
from .credit import res_company
from .terms import res_company
from .credit import res_config_settings
from .terms import res_config_settings

# below the rights: it writes what they have let pass
from .credit import res_partner_credit_branch
from .terms import res_partner_account_rights
from .terms import res_partner_account_moves
from .credit import res_partner_credit
from .credit import res_partner_credit_hold
from .terms import res_partner_defaults
from .contact import res_partner_portal
from .terms import res_partner_price_sheet
from .terms import res_partner_tax_exempt
from .terms import res_partner_terms
from .credit import sale_order

# after the fields that they name
from .contact import res_partner_addresses
from .contact import res_partner_fields
from .contact import res_partner_import
from .contact import res_partner_missing_id

# what a customer gets, before the credit of the order is judged
from .terms import sale_order

# promotions
from .promo import bizuno_promo
from .promo import bizuno_promo_history
from .promo import bizuno_promo_recipient
from .promo import ir_mail_server
from .promo import mail_blacklist
from .promo import mail_mail
from .receivable import mail_mail
from .promo import mail_render_mixin
from .promo import mailing_mailing
from .promo import mailing_trace
from .promo import res_partner

# the move from Bizuno
from .importer import bizuno_contact_log
from .importer import bizuno_import_record
from .importer import bizuno_import_run

# guards, last: they extend models of all areas
from .base import bizuno_guard
from .base import bizuno_guard_models
