{
    "name": "Bizuno CRM: Purchase",
    "version": "19.0.1.0.0",
    "summary": "Purchase orders on projects: what is billed for them is a cost of the project",
    "category": "Sales/CRM",
    "author": "bizuno_crm contributors",
    "license": "LGPL-3",
    "depends": [
        "bizuno_crm",
        "purchase",
    ],
    "data": [
        "views/bizuno_project_views.xml",
        "views/purchase_order_views.xml",
    ],
    "auto_install": True,
}
