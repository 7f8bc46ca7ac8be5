"""What the bookkeeper of that company meets now and then: other companies, certificates, a credit
memo, a customer who looks at his account on line, contacts who share an ID."""

from datetime import timedelta


def make(env, customer, invoice):
    """
    :param customer: makes one: (name, Contact ID, **values)
    :param invoice: posts one: (customer, amount, days ago, **values of the document)
    """
    _write_off(env)
    _portal(env)
    _certificates(env, customer)
    invoice(customer("Gutschrift Handel", "GUT"), 150, 56, move_type="out_refund")
    invoice(customer("Rest Handel", "REST"), 412.30, 20)
    _companies(env, customer, invoice)
    _shared_ids(env, customer)


def _write_off(env):
    """As README says: with this account the dialog of a payment offers to write off the rest."""
    account = env["account.account"].create(
        {"name": "Outstanding Receipts", "code": "101499", "account_type": "asset_current",
         "reconcile": True}
    )  # fmt: skip
    banks = env["account.journal"].search([("type", "=", "bank")])
    banks.inbound_payment_method_line_ids.payment_account_id = account
    env["account.account"].create(
        {"name": "Small Differences", "code": "659999", "account_type": "expense"}
    )


def _portal(env):
    harbour = env["res.partner"].search([("ref", "=", "HAFEN")])
    env["res.users"].with_context(no_reset_password=True).create(
        {
            "name": "Hanna Hafen", "login": "hafen", "password": "hafen",
            "group_ids": [env.ref("base.group_portal").id],
            "partner_id": env["res.partner"].create(
                {"name": "Hanna Hafen", "parent_id": harbour.id, "email": "hanna@kunde.example"}
            ).id,
        }
    )  # fmt: skip


def _certificates(env, customer):
    today = env["bizuno.reminder"]._today()
    for name, ref, certificate, days in (
        ("Frei Hospital", "FREI", "TX-3", 12),
        ("Alt Museum", "ALT", "TX-4", -3),
        ("Ohne Stiftung", "OHNE", False, 200),
    ):
        customer(
            name, ref, tax_exempt=True, tax_exempt_certificate=certificate,
            tax_exempt_expiration=today + timedelta(days=days),
        )  # fmt: skip


def _companies(env, customer, invoice):
    """A branch, and another company of the same owner; each has an invoice."""
    main = env.company
    branch = env["res.company"].create({"name": "Tidewater Suffolk", "parent_id": main.id})
    other = env["res.company"].create({"name": "Nordwerk Inc", "country_id": main.country_id.id})
    # Not env.user: whoever has one company only, does not know of several.
    owner = env["res.users"].search([("login", "=", "owner")])
    owner.company_ids |= branch | other
    # Odoo gives a company with a country its chart of accounts before the next commit.
    env.cr.flush()
    pair = customer("Zweig Kraftwerk", "ZWEIG", credit_limit=1_000)
    invoice(pair, 1_400, 10)
    invoice(pair, 800, 10, company_id=branch.id)
    invoice(customer("Nord Kunde", "NORDK"), 321, 45, company_id=other.id)


def _shared_ids(env, customer):
    """Pairs that the addon would refuse, as an installation finds them."""
    for number in range(1, 5):
        customer(f"Zwilling {number} Alt", f"ZW{number}")
        newer = customer(f"Zwilling {number} Neu", f"ZWN{number}")
        env.flush_all()
        env.cr.execute(
            "UPDATE res_partner SET ref = %s, contact_id_conflict = TRUE WHERE id = %s",
            [f"zw{number} ", newer.id],
        )
    env.invalidate_all()
