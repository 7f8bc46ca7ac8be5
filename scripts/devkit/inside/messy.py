"""A messy database, the same one each time: what years of imports leave behind.

Contact IDs that differ in case and blanks only, blank ones, archived parents of active children,
children outside their parent's company, users without an e-mail address, companies whose currencies
have no or three decimals or a coarse rounding, and orders and invoices in some of them.
"""

from . import fill

SHARERS = 3  # contacts of each shared Contact ID
EVERY = 500  # of so many contacts, SHARERS share one

# Ten in a row are a company, two contacts of it, and seven on their own.
PARTNERS = """
INSERT INTO res_partner (id, name, complete_name, ref, active, is_company, parent_id,
                         commercial_partner_id, company_id, email, email_normalized, type,
                         customer_rank, supplier_rank, autopost_bills, create_date, write_date)
SELECT %(first)s + n, 'P' || n, 'P' || n,
       CASE n %% %(every)s
            WHEN 3 THEN 'MESS-' || n / %(every)s
            WHEN 4 THEN ' mess-' || n / %(every)s || '  '
            WHEN 5 THEN 'Mess-' || n / %(every)s
            WHEN 6 THEN '   '
            WHEN 7 THEN ''
            ELSE CASE WHEN n %% 10 = 1 THEN 'OLD-' || n - 1
                      WHEN n %% 3 = 0 THEN 'OLD-' || n END END,
       n %% 20 <> 0,
       n %% 10 = 0,
       CASE WHEN n %% 10 IN (1, 2) AND n > 10 THEN %(first)s + n - n %% 10 END,
       CASE WHEN n %% 10 IN (1, 2) AND n > 10 THEN %(first)s + n - n %% 10 ELSE %(first)s + n END,
       CASE WHEN n %% 30 = 0 THEN 1 END,
       CASE WHEN n %% 1000 = 8 THEN 'P' || n %% 5000 || '@Example.com' END,
       CASE WHEN n %% 1000 = 8 THEN 'p' || n %% 5000 || '@example.com' END,
       CASE n %% 10 WHEN 1 THEN 'delivery' ELSE 'contact' END,
       n %% 2, 0, 'ask', now(), now()
  FROM generate_series(1, %(count)s) AS n
"""


def add_partners(cr, count):
    """:return: how many of them come second to an older or active holder of their Contact ID"""
    cr.execute("SELECT max(id) FROM res_partner")
    first = cr.fetchone()[0]
    cr.execute(PARTNERS, {"first": first, "every": EVERY, "count": count})
    cr.execute("SELECT setval('res_partner_id_seq', (SELECT max(id) FROM res_partner))")
    cr.execute("ANALYZE res_partner")
    return count // EVERY * (SHARERS - 1)


def make(env, count):
    """Fill a database that the addon is not installed in.

    :return: the number of conflicts of Contact IDs that an installation has to report
    """
    fill.company_without_addon(env)
    conflicts = 2 + add_partners(env.cr, count)  # the company has three contacts DUP-1
    customer = env["res.partner"].search([("name", "=", "Old Customer")])
    for code, rounding in (("JPY", 1), ("KWD", 0.001), ("CHF", 0.05)):
        currency = env.ref(f"base.{code}")
        currency.write({"active": True, "rounding": rounding})
        company = env["res.company"].create({"name": f"Company {code}", "currency_id": currency.id})
        env.user.company_ids += company
        there = env(context={"allowed_company_ids": company.ids})
        fill.company_books(there, customer.with_env(there))
    env["res.users"].create(
        [
            {
                "name": f"User {n}",
                "login": f"user{n}",
                "company_id": env.company.id,
                "group_ids": env.ref("sales_team.group_sale_salesman").ids,
            }
            for n in range(5)
        ]
    ).partner_id.email = False
    env.cr.commit()
    return conflicts


def reported_conflicts(env):
    """:return: the number of conflicts that the addon lists for the administrator"""
    partners = env["res.partner"].with_context(active_test=False)
    return partners.search_count([("contact_id_conflict", "=", True)])
