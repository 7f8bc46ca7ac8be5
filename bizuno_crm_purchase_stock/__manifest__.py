{
    "name": "Bizuno CRM: Purchase and Inventory",
    "version": "19.0.1.0.0",
    "summary": "What the stock rules buy is not added to what somebody buys for a project",
    "category": "Sales/CRM",
    "author": "bizuno_crm contributors",
    "license": "LGPL-3",
    "depends": [
        "bizuno_crm_purchase",
        "purchase_stock",
    ],
    "auto_install": True,
}
