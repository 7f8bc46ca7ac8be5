"""The leads, projects, reminders and log entries of that company: what a rep's day is made of."""

from datetime import timedelta

LEADS, PROJECTS, REMINDERS, ENTRIES = 40, 48, 36, 120
CITIES = ("Norfolk", "Richmond", "Suffolk", "Hampton", "Roanoke")
STAGES = "ncpfqsed"  # open ones


def make(env, rep, colleague):
    """
    :param rep: who has two thirds of it, and nine reminders due by today
    :param colleague: who has the rest
    """
    rep.commission_rate = 4
    env = env(user=env.ref("base.user_admin"))
    leads = _leads(env, rep, colleague)
    customers = env["res.partner"].search([("ref", "=like", "B1__")], order="id", limit=PROJECTS)
    for number, customer in enumerate(customers):
        customer.phone = f"+1 757 555 03{number:02}"
    projects = _projects(env, rep, colleague, customers)
    _earning_project(env, rep)
    _reminders(env, rep, colleague, customers, projects)
    _entries(env, rep, colleague, leads | customers, projects)
    env["bizuno.reminder"].sudo()._cron_surface_due()


def _of(number, rep, colleague):
    return colleague if number % 3 == 2 else rep


def _leads(env, rep, colleague):
    leads = env["res.partner"].create(
        [
            {
                "name": f"Lead {n:02} Werke", "is_company": True, "role_lead": True,
                "email": f"einkauf{n}@lead.example", "phone": f"+1 757 555 02{n:02}",
                "city": CITIES[n % len(CITIES)], "user_id": _of(n, rep, colleague).id,
            }
            for n in range(1, LEADS)
        ]
    )  # fmt: skip
    # Who is a customer already, under another spelling.
    leads |= env["res.partner"].create(
        {
            "name": "Hafen Marine", "is_company": True, "role_lead": True, "user_id": rep.id,
            "email": "hafen@kunde.example", "phone": "+1 757 555 0240", "city": "Norfolk",
        }
    )  # fmt: skip
    return leads


def _projects(env, rep, colleague, customers):
    stages = {stage.code: stage.id for stage in env["bizuno.project.stage"].search([])}
    return env["bizuno.project"].create(
        [
            {
                "name": f"Pumpwerk {n:02}", "partner_id": customer.id,
                "stage_id": stages[STAGES[n % len(STAGES)]], "expected_revenue": 2_000 + 750 * n,
                "user_id": _of(n, rep, colleague).id,
            }
            for n, customer in enumerate(customers)
        ]
    )  # fmt: skip


def _earning_project(env, rep):
    """Ordered 3,000, of which 2,000 are invoiced; cost 850 of a budget of 1,000; and a bill that
    nobody has put on it yet."""
    from odoo.fields import Command, Date  # noqa: PLC0415

    lock, mill = env["res.partner"].create(
        [
            {
                "name": name, "ref": ref, "is_company": True, "user_id": rep.id,
                "credit_limit": 50_000, "phone": "+1 757 555 0260",
            }
            for name, ref in (("Schleusenamt Nord", "SCHLEUSE"), ("Stahlwerk Ost", "STAHL"))
        ]
    )  # fmt: skip
    lock.role_customer = mill.role_vendor = True
    project = env["bizuno.project"].create(
        {"name": "Schleuse Süd", "partner_id": lock.id, "user_id": rep.id, "budget": 1_000}
    )
    pump = env["product.product"].create(
        {
            "name": "Schleusenpumpe", "list_price": 1_000, "taxes_id": False,
            "invoice_policy": "order",
        }
    )  # fmt: skip
    order = env["sale.order"].create(
        {
            "partner_id": lock.id, "user_id": rep.id, "bizuno_project_id": project.id,
            "order_line": [Command.create({"product_id": pump.id, "product_uom_qty": 3})],
        }
    )  # fmt: skip
    order.action_confirm()
    invoice = order._create_invoices()
    invoice.invoice_line_ids.quantity = 2
    today = Date.context_today(env.user)
    bills = env["account.move"].create(
        [
            {
                "move_type": "in_invoice", "partner_id": mill.id, "invoice_date": today,
                "ref": reference, "bizuno_project_id": on and on.id,
                "invoice_line_ids": [
                    Command.create({"name": "Stahl", "price_unit": price, "tax_ids": False})
                ],
            }
            for reference, price, on in (("RECHNUNG 7", 850, project), ("RECHNUNG 8", 100, False))
        ]
    )  # fmt: skip
    (invoice + bills).action_post()


def _reminders(env, rep, colleague, customers, projects):
    """A quarter was due in the last days, the others are to come in the next five weeks."""
    today = env["bizuno.reminder"]._today()
    values = []
    for n in range(REMINDERS):
        days = -(n // 4) if n % 4 == 0 else n
        values.append(
            {
                "name": f"Angebot {n:02} nachfassen", "user_id": _of(n, rep, colleague).id,
                "date_start": today + timedelta(days=days),
                "recurrence": "m" if n % 6 == 1 else "z",
                **({"project_id": projects[n].id} if n % 2 else {"partner_id": customers[n].id}),
            }
        )  # fmt: skip
    env["bizuno.reminder"].create(values)


def _entries(env, rep, colleague, partners, projects):
    codes = env["bizuno.action.code"].search([])
    now = env.cr.now()
    env["bizuno.contact.log"].create(
        [
            {
                "partner_id": partners[n % len(partners)].id,
                "action_id": codes[n % len(codes)].id,
                "date": now - timedelta(days=n, hours=n % 9),
                "user_id": _of(n, rep, colleague).id,
                "notes": f"Herr Petersen meldet sich in Woche {1 + n % 52}",
            }
            for n in range(ENTRIES)
        ]
    )
    env["bizuno.contact.log"].create(
        [
            {
                "partner_id": project.partner_id.id, "project_id": project.id,
                "action_id": codes[0].id, "date": now - timedelta(days=n),
                "user_id": project.user_id.id, "notes": "Zeichnungen besprochen",
            }
            for n, project in enumerate(projects)
        ]
    )  # fmt: skip
