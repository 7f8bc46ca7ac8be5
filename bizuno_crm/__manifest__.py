{
    "name": "Bizuno CRM",
    "version": "19.0.1.0.0",
    "summary": "Contacts with roles and Contact IDs, credit control, aged receivables, "
    "leads, projects, reminders and promotions",
    "category": "Sales/CRM",
    "author": "bizuno_crm contributors",
    "license": "LGPL-3",
    "depends": [
        "contacts",
        "mass_mailing",
        "sale_management",
    ],
    "data": [
        # groups before the access rows and rules that name them
        "security/res_groups.xml",
        "security/ir.model.access.csv",
        "security/ir_rules.xml",
        "data/ir_sequence_data.xml",
        "views/res_partner_views.xml",
        "views/res_config_settings_views.xml",
        "views/sale_order_views.xml",
        # receivables: reports and actions before the views whose buttons name them
        "reports/aged_receivable_templates.xml",
        "reports/statement_templates.xml",
        "wizards/bizuno_aged_receivable_report_views.xml",
        "wizards/bizuno_aging_activity_views.xml",
        "wizards/bizuno_statement_views.xml",
        "views/bizuno_aged_receivable_views.xml",
        "views/bizuno_customer_history_views.xml",
        "views/bizuno_rep_sales_views.xml",
        "views/res_config_settings_aging_views.xml",
        "views/res_partner_aging_views.xml",
        # terms, credit, tax exemption, price sheet
        "data/credit_data.xml",
        "data/tax_exempt_data.xml",
        "wizards/bizuno_credit_wizard_views.xml",
        "wizards/bizuno_terms_wizard_views.xml",
        "views/account_move_credit_views.xml",
        "views/bizuno_credit_approval_views.xml",
        "views/res_config_settings_terms_views.xml",
        "views/res_config_settings_credit_views.xml",
        "views/res_partner_credit_views.xml",
        "views/sale_order_credit_views.xml",
        # menus last: they name the actions of all views
        "views/menus.xml",
    ],
    "demo": [
        "demo/res_users_demo.xml",
        "demo/product_pricelist_demo.xml",
        "demo/product_demo.xml",
        "demo/res_partner_demo.xml",
        "demo/account_move_demo.xml",
        "demo/sale_order_demo.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "bizuno_crm/static/src/**/*",
        ],
        "web.assets_tests": [
            "bizuno_crm/static/tests/tours/**/*",
        ],
    },
    "pre_init_hook": "pre_init_hook",
    "post_init_hook": "post_init_hook",
    "uninstall_hook": "uninstall_hook",
    "application": True,
}
