"""What is proposed for everything of Bizuno's that cannot be known: what was chosen the last time,
else what is alike here."""

from odoo.tools import float_compare

from ...logic.bizuno_dump import choices

#: The model of what is chosen, by kind.
MODELS = {
    "user": "res.users",
    "account": "account.account",
    "tax": "account.tax",
    "store": "res.company",
    "pricelist": "product.pricelist",
}
#: Of the accounts against which open documents can be booked.
OPENING_DOMAIN = [("account_type", "not in", ("asset_receivable", "liability_payable"))]


def opening_account(company, last):
    """
    :param company: `res.company` to move into, as superuser
    :param last: `account.account` of the last run
    :return: that, if it can still be used; else the one that Odoo takes for opening balances, if
        there is one
    """
    accounts = company.env["account.account"].with_company(company)
    here = accounts.search(
        [
            *accounts._check_company_domain(company),
            "|",
            ("id", "in", last.ids),
            ("account_type", "=", "equity_unaffected"),
        ]
    )
    return (last & here or here)[:1]


def propose(company, their_choices, last):
    """
    :param company: `res.company` to move into, as superuser
    :param dict their_choices: {kind: {code: `choices.Choice`}}
    :param dict last: {kind: {code: id or False}}, as chosen the last time
    :return: {kind: {code: (id or False, whether it was chosen the last time)}}
    """
    here = {
        kind: company.env[MODELS[kind]].with_company(company).search(get_domain(kind, company))
        for kind in choices.KINDS
    }
    return {
        kind: {
            code: _remembered(here[kind], last.get(kind, {}), code)
            or (_ALIKE[kind](here[kind], their_choice).id, False)
            for code, their_choice in their_choices[kind].items()
        }
        for kind in choices.KINDS
    }


def get_domain(kind, company):
    """:return: the domain of what can be chosen"""
    if kind == "user":
        return [("share", "=", False)]
    if kind == "account":
        return [("company_ids", "parent_of", company.id)]
    if kind == "store":
        return []
    return [("company_id", "in", (False, company.id))]


def _remembered(records, last, code):
    if code not in last:
        return None
    # What is gone since is not remembered.
    return None if last[code] and last[code] not in records.ids else (last[code], True)


def _same(records, choice, *names):
    words = {word.strip().lower() for word in (choice.label, choice.hint) if word.strip()}
    return records.filtered(
        lambda record: any((record[name] or "").strip().lower() in words for name in names)
    )[:1]


def _plain_code(code):
    """Odoo's codes have no hyphens: 4000-00 in Bizuno is 400000 here."""
    return "".join(sign for sign in code or "" if sign.isalnum()).lower()


def _account(records, choice):
    # Of those of a kind the one that Odoo proposes by itself, else the first.
    company = records.env.company
    usual = company.income_account_id + company.expense_account_id
    return (
        records.filtered(lambda account: _plain_code(account.code) == _plain_code(choice.code))[:1]
        or records.filtered(
            lambda account: choices.is_account_type(choice.hint, account.account_type)
        ).sorted(lambda account: (account not in usual, account.code or ""))[:1]
    )


def _tax(records, choice):
    rate = choices.as_rate(choice.hint)
    return records.filtered(
        lambda tax: (
            rate is not None
            and tax.amount_type == "percent"
            and tax.type_tax_use == (choice.use or "sale")
            and not float_compare(tax.amount, rate, precision_digits=4)
        )
    )[:1]


_ALIKE = {
    "user": lambda records, their_choice: _same(records, their_choice, "login", "email", "name"),
    "account": _account,
    "tax": _tax,
    "store": lambda records, their_choice: _same(records, their_choice, "name"),
    "pricelist": lambda records, their_choice: _same(records, their_choice, "name"),
}
