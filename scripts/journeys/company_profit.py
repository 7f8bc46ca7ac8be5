"""What projects of that company earned: one with an order and its invoice, and one whose documents
are still to be assigned."""


def make(env, customer, invoice, order):
    """
    :param customer: makes one: (name, Contact ID, **values)
    :param invoice: posts one: (customer, amount, days ago, **values of the document)
    :param order: makes one: (customer, quantity)
    """
    from odoo.fields import Command, Date  # noqa: PLC0415

    rep = env["res.users"].search([("login", "=", "rep")])
    foundry = env["res.partner"].create(
        {"name": "Gießerei Siegen", "ref": "GUSS", "is_company": True, "role_vendor": True}
    )

    def project(name, partner, **values):
        return env["bizuno.project"].create(
            {"name": name, "partner_id": partner.id, "user_id": rep.id, **values}
        )

    waterworks = customer("Stadtwerke Aue", "AUE", credit_limit=90_000)
    lifting = project("Hebewerk Aue", waterworks, expected_revenue=9_000, budget=1_000)
    sold = order(waterworks, 2)
    sold.bizuno_project_id = lifting
    sold.action_confirm()
    bill = sold._create_invoices()
    bill.invoice_date = Date.context_today(env.user)
    bill.action_post()
    # nobody has said what they are for
    brewery = customer("Sudhaus Brauerei", "SUD", credit_limit=90_000)
    project("Sudhaus Kühlung", brewery)
    invoice(brewery, 2_310, 40)
    invoice(brewery, 440, 12)
    # a tax that is not reclaimed is cost
    tax = env["account.tax"].create(
        {"name": "10% not deductible", "amount": 10, "type_tax_use": "purchase"}
    )
    env["account.move"].create(
        {
            "move_type": "in_invoice", "partner_id": foundry.id, "ref": "RAHMEN-7",
            "invoice_date": Date.context_today(env.user),
            "invoice_line_ids": [
                Command.create(
                    {"name": "Grundrahmen", "price_unit": 600, "tax_ids": [Command.set(tax.ids)]}
                )
            ],
        }
    ).action_post()  # fmt: skip
