{
    "name": "Bizuno CRM: Point of Sale",
    "version": "19.0.1.0.0",
    "summary": "Sales on account at the point of sale are under credit control, like invoices",
    "category": "Sales/CRM",
    "author": "bizuno_crm contributors",
    "license": "LGPL-3",
    "depends": [
        "bizuno_crm",
        "pos_sale",
    ],
    "auto_install": True,
}
