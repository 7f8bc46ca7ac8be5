# The order is a contract (tests/test_area_order.py): of several classes of a model the one that is
# imported last is called first. So a change of a contact, an order or an invoice passes
#
#   promo, profit, crm, receivable: what follows from it, and decides nothing about it;
#   terms: whether it may be, by whom, and what a customer has from then on;
#   credit: whether it may be lent, once the customer has its terms;
#   contact: what the contact itself is, next to Odoo.
#
# This differs from the table of CONTRIBUTING.md, which says who may import from whom, in one place:
# credit is judged further in than terms are given, though it knows them. An area imports a constant
# of another one from a module that extends no model of Odoo's, so that this order stays.

# base
from .base import bizuno_code_mixin
from .base import bizuno_computed_mixin
from .base import bizuno_guard
from .base import bizuno_remembered_mixin
from .base import ir_model_access
from .base import mail_thread

# the lowest of the contact: it writes what rights and checks have let pass
from .base import res_company
from .base import res_partner

# contact
from .contact import bizuno_account_search_mixin
from .contact import ir_model_fields
from .contact import ir_rule
from .contact import mail_thread
from .contact import res_config_settings
from .contact import res_partner
from .contact import res_users

# credit: the mixins before the models that inherit them
from .credit import bizuno_credit_status_mixin
from .credit import bizuno_credit_approval_mixin
from .credit import bizuno_credit_watch_mixin
from .credit import bizuno_credit_mixin
from .credit import account_bank_statement_line
from .credit import account_move
from .credit import account_move_line
from .credit import account_tax
from .credit import bizuno_credit_approval
from .credit import bizuno_credit_wait
from .credit import payment_transaction
from .credit import res_company
from .credit import res_config_settings
from .credit import res_partner
from .credit import sale_order
from .credit import sale_order_line

# terms
from .terms import bizuno_tax_exempt_document_mixin
from .terms import account_move
from .terms import account_move_line
from .terms import account_payment_term
from .terms import account_payment_term_line
from .terms import res_company
from .terms import res_config_settings
from .terms import res_partner
from .terms import sale_order
from .terms import sale_order_line

# receivable
from .receivable import bizuno_statement_mailing
from .receivable import bizuno_statement_mailing_line
from .receivable import ir_actions_report
from .receivable import ir_ui_menu
from .receivable import mail_mail
from .receivable import res_company
from .receivable import res_config_settings
from .receivable import res_partner
from .receivable import res_users

# crm
from .crm import bizuno_reminder_mixin
from .crm import bizuno_action_code
from .crm import bizuno_contact_log
from .crm import bizuno_dashboard_credit_mixin
from .crm import bizuno_dashboard_sales_mixin
from .crm import bizuno_dashboard_setup_mixin
from .crm import bizuno_dashboard
from .crm import bizuno_market
from .crm import bizuno_project_sales_mixin
from .crm import bizuno_project
from .crm import bizuno_project_stage
from .crm import bizuno_reminder_activity_mixin
from .crm import bizuno_reminder_target_mixin
from .crm import bizuno_reminder
from .crm import bizuno_setup_step
from .crm import mail_activity
from .crm import res_company
from .crm import res_config_settings
from .crm import res_partner
from .crm import res_users
from .crm import sale_order

# profit: the mixins of documents come first in the classes that inherit them
from .profit import account_analytic_plan
from .profit import bizuno_project_profit_mixin
from .profit import bizuno_project
from .profit import bizuno_project_document_mixin
from .profit import bizuno_project_line_mixin
from .profit import account_move
from .profit import account_move_line
from .profit import ir_actions_report
from .profit import res_config_settings
from .profit import sale_order
from .profit import sale_order_line

# promo
from .promo import bizuno_promo_audience_mixin
from .promo import bizuno_promo_message_mixin
from .promo import bizuno_promo
from .promo import bizuno_promo_history
from .promo import bizuno_promo_recipient
from .promo import ir_mail_server
from .promo import mail_blacklist
from .promo import mail_mail
from .promo import mail_render_mixin
from .promo import mailing_mailing
from .promo import mailing_trace
from .promo import res_partner

# the move from Bizuno
from .importer import bizuno_contact_log
from .importer import bizuno_credit_mixin
from .importer import bizuno_import_record
from .importer import bizuno_import_background_mixin
from .importer import bizuno_import_undo_mixin
from .importer import bizuno_import_run
from .importer import bizuno_import_step
