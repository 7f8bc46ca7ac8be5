{
    "name": "Bizuno CRM: Point of Sale",
    "version": "19.0.1.0.0",
    "summary": "What is sold on account at the till is under credit control, like an invoice",
    "category": "Sales/CRM",
    "author": "bizuno_crm contributors",
    "license": "LGPL-3",
    "depends": [
        "bizuno_crm",
        "point_of_sale",
    ],
    "auto_install": True,
}
