"""What bench_pages.py does inside Odoo: a company of any size, without the addon and with it."""

import generate

BOOKKEEPER = ("base.group_user", "base.group_partner_manager", "account.group_account_user",
              "sales_team.group_sale_salesman_all_leads")  # fmt: skip


def fill(env, customers, items, quotations):
    """Customers, invoices and quotations in a database that has not got the addon."""
    from odoo.fields import Command  # noqa: PLC0415  (Odoo's path is set by the caller)

    env.ref("base.user_admin").tour_enabled = False
    me = env["res.users"].with_context(no_reset_password=True).create(
        {
            "name": "Beth Ledger", "login": "bookkeeper", "password": "bookkeeper",
            "email": "beth@example.com", "tour_enabled": False,
            "group_ids": [env.ref(group).id for group in BOOKKEEPER],
        }
    )  # fmt: skip
    templates = generate.prepare(env)
    product = env["product.product"].create({"name": "Pump", "list_price": 100})
    env["product.product"].create([{"name": f"Part {n}", "list_price": n} for n in range(500)])
    order = env["sale.order"].create(
        {
            "partner_id": templates["partner"],
            "user_id": me.id,  # Odoo's list shows one's own
            "order_line": [Command.create({"product_id": product.id}) for _ in range(3)],
        }
    )
    env.cr.commit()
    generate.generate(env.cr._obj, templates, customers, items)
    generate.quotations(env.cr._obj, order.id, quotations)
    env.cr.execute(
        "UPDATE res_partner SET credit_limit = jsonb_build_object(%s::text, 5000)"
        " WHERE name ~ '^Customer ' AND id %% 3 = 0",
        [env.company.id],
    )
    env.cr.commit()


def add_ours(env, projects, log, reminders):
    """What only the addon has: projects, log entries and reminders, of many customers."""
    customers = env["res.partner"].search([("name", "=like", "Customer %")], limit=1)
    me = env["res.users"].search([("login", "=", "bookkeeper")])
    env = env(user=me.id, su=True)
    project = env["bizuno.project"].create({"name": "Cold store", "partner_id": customers.id})
    entry = customers.log_contact_action("new", "Wants a quotation")
    reminder = env["bizuno.reminder"].create(
        {"name": "Call", "partner_id": customers.id, "user_id": me.id,
         "date_start": "2099-01-01"}
    )  # fmt: skip
    env["mail.activity"].search([("res_model", "=", "bizuno.reminder")]).unlink()
    env.cr.commit()
    cr = env.cr._obj
    entry = (
        entry
        if getattr(entry, "_name", "") == "bizuno.contact.log"
        else (env["bizuno.contact.log"].search([], order="id desc", limit=1))
    )
    generate.ours(cr, project.id, entry.id, reminder.id, projects, log, reminders)
    env.cr.commit()
