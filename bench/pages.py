"""What bench_pages.py does inside Odoo: a company of any size, without the addon and with it."""

import generate

BOOKKEEPER = ("base.group_user", "base.group_partner_manager", "account.group_account_user",
              "sales_team.group_sale_salesman_all_leads")  # fmt: skip


def fill(env, customers, items, quotations, of_the_largest):
    """Customers, invoices, payments and quotations in a database that has not got the addon."""
    from odoo.fields import Command  # noqa: PLC0415  (Odoo's path is set by the caller)

    env.ref("base.user_admin").tour_enabled = False
    users = env["res.users"].with_context(no_reset_password=True).create(
        [
            {
                "name": name, "login": name.split()[0].lower(), "password": name.split()[0].lower(),
                "email": f"{name.split()[0].lower()}@example.com", "tour_enabled": False,
                "group_ids": [env.ref(group).id for group in BOOKKEEPER],
            }
            for name in ("Bookkeeper Beth", *(f"Rep{n} Sells" for n in range(10)))
        ]
    )  # fmt: skip
    templates = generate.prepare(env)
    product = env["product.product"].create({"name": "Pump", "list_price": 100})
    env["product.product"].create([{"name": f"Part {n}", "list_price": n} for n in range(500)])
    order = env["sale.order"].create(
        {
            "partner_id": templates["partner"],
            "user_id": users[0].id,  # Odoo's list shows one's own
            "order_line": [Command.create({"product_id": product.id}) for _ in range(3)],
        }
    )
    payment = env["account.payment"].create({"partner_id": templates["partner"], "amount": 40})
    payment.action_post()
    payment.state = "paid"
    # What the addon switches on, and gives new customers, is there without it as well.
    env["res.config.settings"].create(
        {"group_product_pricelist": True, "group_sale_delivery_address": True}
    ).execute()
    term = env.ref("account.account_payment_term_30days")
    templates["reps"], templates["document"] = users.ids, payment.id
    templates["customer"] = {
        "create_date": "now() - (n %% 1800) * interval '1 day'",
        "credit_limit": "jsonb_build_object('1', CASE n %% 3 WHEN 0 THEN 5000 ELSE 0 END)",
        "property_payment_term_id": f"jsonb_build_object('1', {term.id})",
    }
    env.cr.commit()
    generate.generate(env.cr._obj, templates, customers, items, of_the_largest)
    generate.quotations(env.cr._obj, order.id, quotations)
    env.cr.commit()


def add_ours(env, projects, log, reminders, waits):
    """What only the addon has, of many customers: projects, log entries, reminders, and quotations
    on hold."""
    customer = env["res.partner"].search([("name", "=like", "Customer %")], limit=1)
    me = env["res.users"].search([("login", "=", "bookkeeper")])
    order = env["sale.order"].search([("state", "=", "draft")], limit=1)
    env = env(user=me.id, su=True)
    project = env["bizuno.project"].create({"name": "Cold store", "partner_id": customer.id})
    customer.log_contact_action("new", "Wants a quotation")
    entry = env["bizuno.contact.log"].search([], order="id desc", limit=1)
    reminder = env["bizuno.reminder"].create(
        {
            "name": "Call",
            "partner_id": customer.id,
            "user_id": me.id,
            "date_start": "2099-01-01",
        }
    )
    env["mail.activity"].search([("res_model", "=", "bizuno.reminder")]).unlink()
    env["bizuno.credit.wait"]._add(order, me)
    wait = env["bizuno.credit.wait"].search([], limit=1)
    env.cr.commit()
    generate.ours(
        env.cr._obj, project.id, entry.id, reminder.id, wait.id, projects, log, reminders, waits
    )
    env.cr.commit()
