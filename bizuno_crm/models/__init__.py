from . import res_company
from . import res_config_settings
from . import res_partner_roles
from . import res_partner_contact_id
from . import res_partner_status
from . import res_partner_contact

# rights
from . import ir_model_access
from . import ir_rule

# receivables
from . import bizuno_statement_mailing
from . import bizuno_statement_mailing_line
from . import ir_ui_menu
from . import res_company_aging
from . import res_company_commission
from . import res_config_settings_aging
from . import res_partner_aging
from . import res_partner_history
from . import res_partner_statement
from . import res_users_commission

# lead, log, pipeline, reminder, dashboard
from . import bizuno_code_mixin
from . import bizuno_action_code
from . import bizuno_contact_log
from . import bizuno_dashboard
from . import bizuno_dashboard_sales
from . import bizuno_market
from . import bizuno_project
from . import bizuno_project_stage
from . import bizuno_project_forecast
from . import bizuno_project_sales
from . import bizuno_reminder
from . import bizuno_reminder_mixin
from . import mail_activity
from . import res_company_reminder
from . import res_config_settings_reminder
from . import res_partner_duplicates
from . import res_partner_first_sale
from . import res_partner_lead
from . import res_partner_lead_person
from . import res_partner_log
from . import res_partner_pipeline
from . import res_partner_reminder
from . import res_users_reminder
from . import sale_order_pipeline

# terms, credit, tax exemption, price sheet: the mixin before the models that inherit it
from . import bizuno_computed_mixin
from . import bizuno_credit_mixin
from . import bizuno_tax_exempt_mixin
from . import account_move_credit
from . import account_move_price_sheet
from . import account_move_tax_exempt
from . import account_payment_term_terms
from . import bizuno_credit_approval
from . import bizuno_credit_wait
from . import bizuno_dashboard_credit
from . import bizuno_dashboard_setup
from . import bizuno_setup_step
from . import res_partner_missing_limit
from . import payment_transaction_credit
from . import res_company_credit
from . import res_company_credit_branch
from . import res_company_price_sheet
from . import res_company_tax_exempt
from . import res_company_terms
from . import res_config_settings_credit
from . import res_config_settings_terms

# below the rights: it writes what they have let pass
from . import res_partner_credit_branch
from . import res_partner_account_rights
from . import res_partner_account_moves
from . import res_partner_credit
from . import res_partner_credit_hold
from . import res_partner_defaults
from . import res_partner_portal
from . import res_partner_price_sheet
from . import res_partner_tax_exempt
from . import res_partner_terms
from . import sale_order_credit
from . import sale_order_tax_exempt

# after the fields that they name
from . import res_partner_addresses
from . import res_partner_fields
from . import res_partner_import
from . import res_partner_missing_id

# what a customer gets, before the credit of the document is judged: after the mixin's models
from . import account_move_defaults
from . import sale_order_defaults

# promotions
from . import bizuno_promo
from . import bizuno_promo_history
from . import bizuno_promo_recipient
from . import ir_mail_server
from . import mail_blacklist
from . import mail_mail
from . import mail_mail_statement
from . import mail_render_mixin
from . import mailing_mailing
from . import mailing_trace
from . import res_partner_promo

# guards, last: they extend models of all areas
from . import bizuno_guard
from . import bizuno_guard_models

# what menus do not offer
from . import technical_fields
