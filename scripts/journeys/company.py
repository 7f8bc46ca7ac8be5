"""The company that the journeys are played in: runs in Odoo's shell."""

import sys
from datetime import timedelta
from pathlib import Path

from . import company_books, company_crm, company_profit

sys.path.append(str(Path(__file__).resolve().parents[2] / "bench"))

CUSTOMERS, ITEMS = 3_000, 12_000  # and as many paid invoices besides
# Their passwords are their logins. Who knows the language of a page sees what is not translated.
PEOPLE = {
    "bookkeeper": ("Beth Ledger", "en_US"),
    "buchhalterin": ("Berta Buch", "de_DE"),
    "comptable": ("Claire Compte", "fr_FR"),
    "contable": ("Clara Cuenta", "es_ES"),
    "approver": ("Ann Prover", "en_US"),
    "owner": ("Olga Owner", "en_US"),  # of several companies
    "rep": ("Rafael Ruiz", "en_US"),
    "colleague": ("Carla Colleague", "en_US"),
    "newcomer": ("Nora New", "en_US"),  # whom the administrator (admin) gives her rights
    "verwalterin": ("Vera Verwalter", "de_DE"),
    "administratrice": ("Ada Admin", "fr_FR"),
}
ADMINISTRATOR = (
    "base.group_system", "account.group_account_manager", "sales_team.group_sale_manager",
    "base.group_allow_export",
)  # fmt: skip
GROUPS = {
    "rep": ("sales_team.group_sale_salesman",),
    "colleague": ("sales_team.group_sale_salesman",),
    "newcomer": (),
    "approver": ("account.group_account_user", "sales_team.group_sale_salesman_all_leads",
                 "bizuno_crm.group_credit_approver"),
    "verwalterin": ADMINISTRATOR, "administratrice": ADMINISTRATOR,
}  # fmt: skip
BOOKKEEPER = ("account.group_account_user", "sales_team.group_sale_salesman_all_leads")


def make(env):
    """Fill a database that has the addon and no demo data."""
    import generate  # noqa: PLC0415  (the path is set above)

    languages = [env.ref(f"base.lang_{code}").id for code in ("de", "fr", "es")]
    env["base.language.install"].create({"lang_ids": languages, "overwrite": False}).lang_install()
    env.company.write(
        {
            "name": "Tidewater Pump & Supply", "street": "4 Water Street", "city": "Norfolk",
            "zip": "23510", "state_id": env.ref("base.state_us_47").id,
            "country_id": env.ref("base.us").id, "phone": "+1 757 555 0100",
            "email": "office@tidewater.example",
        }
    )  # fmt: skip
    _people(env)
    templates = generate.prepare(env)
    env.cr.commit()
    generate.generate(env.cr._obj, templates, CUSTOMERS, ITEMS)
    env.cr.execute(
        "UPDATE res_partner SET email = 'buero' || id || '@kunde.example',"
        " email_normalized = 'buero' || id || '@kunde.example' WHERE name ~ '^Customer [0-9]+$'"
    )
    env.cr.commit()
    env.invalidate_all()
    env["res.partner"].browse(templates["partner"]).name = "Zz Template"
    _cases(env)
    company_crm.make(env, _user(env, "rep"), _user(env, "colleague"))
    env.cr.commit()


def _people(env):
    env.ref("base.user_admin").tour_enabled = False
    for login, (name, lang) in PEOPLE.items():
        groups = ("base.group_user", "base.group_partner_manager", *GROUPS.get(login, BOOKKEEPER))
        env["res.users"].with_context(no_reset_password=True).create(
            {
                "name": name, "login": login, "password": login, "lang": lang,
                "email": f"{login}@tidewater.example", "tz": "America/New_York",
                "group_ids": [env.ref(group).id for group in groups], "tour_enabled": False,
                # its chat would cover a phone's page
                "odoobot_state": "disabled",
            }
        )  # fmt: skip


def _user(env, login):
    return env["res.users"].search([("login", "=", login)])


def _cases(env):
    """What the journeys meet beside the many: customers with a story of their own."""
    from odoo.fields import Command, Date  # noqa: PLC0415

    env = env(context={"no_reset_password": True})
    pump = env["product.product"].create(
        {"name": "Tauchpumpe X200", "list_price": 1480, "taxes_id": False}
    )
    rep = _user(env, "rep")

    def customer(name, ref, **values):
        return env["res.partner"].create(
            {
                "name": name, "ref": ref, "is_company": True, "role_customer": True,
                "user_id": rep.id, "email": f"{ref.lower()}@kunde.example",
                "phone": "+1 757 555 01" + f"{sum(map(ord, ref)) % 100:02}", **values,
            }
        )  # fmt: skip

    def order(partner, quantity=1):
        return env["sale.order"].create(
            {
                "partner_id": partner.id, "user_id": rep.id,
                "order_line": [
                    Command.create({"product_id": pump.id, "product_uom_qty": quantity})
                ],
            }
        )  # fmt: skip

    def invoice(partner, amount, days, company_id=env.company.id, **values):
        day = Date.context_today(env.user) - timedelta(days=days)
        move = env["account.move"].with_company(company_id).create(
            {
                "move_type": "out_invoice", "partner_id": partner.id, "invoice_date": day,
                "invoice_line_ids": [
                    Command.create({"product_id": pump.id, "price_unit": amount, "quantity": 1})
                ],
                **values,
            }
        )  # fmt: skip
        move.action_post()
        return move

    harbour = customer("Hafen Marine GmbH", "HAFEN", credit_limit=50_000)
    invoice(harbour, 1200, 75)
    invoice(harbour, 800, 20)
    customer("Bremer Werft", "WERFT", credit_limit=9_000)
    customer("Kessel Bau", "KESSEL", credit_limit=9_000)
    quarry = customer("Granit Bruch", "GRANIT", credit_limit=20_000)
    invoice(quarry, 700, 10)
    held = customer("Held Mühle", "MUEHLE", credit_limit=20_000)
    order(held, 2)
    thrice = customer("Dreifach Bau", "DREI", credit_limit=500)
    invoice(thrice, 600, 75)
    order(thrice, 2)
    for account in held, thrice:
        account.write({"account_status": "hold", "account_status_reason": "Two cheques bounced"})
    over = customer("Over Limit Brauerei", "BRAU", credit_limit=1_000)
    invoice(over, 900, 15)
    order(over, 3)
    # As an installation finds them: the addon would refuse the second one.
    older, newer = customer("Doppel Handel", "DOPPEL"), customer("Doppel Handel Nord", "NORD")
    env.flush_all()
    env.cr.execute(
        "UPDATE res_partner SET ref = 'doppel ', contact_id_conflict = TRUE WHERE id = %s",
        [newer.id],
    )
    invoice(older, 300, 5)
    company_books.make(env, customer, invoice)
    company_profit.make(env, customer, invoice, order)
    env.company.credit_policy = "approval"
