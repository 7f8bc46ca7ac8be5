"""What of a Bizuno company cannot be known here, and is to be chosen: which ledger account, tax
rate, user, company or pricelist something of Bizuno's is in Odoo.

>>> is_account_type("30", "income"), is_account_type("30", "expense"), as_rate("8.250")
(True, False, 8.25)
"""

import math
from typing import NamedTuple

from .values import from_json

#: In the order in which they are asked.
KINDS = ("user", "account", "tax", "store", "pricelist")
#: Bizuno's types of ledger accounts, by what Odoo's begin with.
_ACCOUNT_TYPES = {
    "0": "asset_cash", "2": "asset_receivable", "4": "asset_current", "6": "asset_current",
    "8": "asset_fixed", "10": "asset_fixed", "12": "asset_non_current", "20": "liability_payable",
    "22": "liability_current", "24": "liability_non_current", "30": "income",
    "32": "expense_direct_cost", "34": "expense", "40": "equity", "42": "equity", "44": "equity",
}  # fmt: skip


class Choice(NamedTuple):
    """`label` is what Bizuno calls it; `hint` is what a proposal goes by: the type of an account,
    the percentage of a tax rate, the e-mail of a user; `use` is "sale" or "purchase" of a rate."""

    code: str
    label: str
    hint: str = ""
    use: str = ""


def find(contacts, users, products, sheets, rows, settings):
    """
    :param dict contacts: {id: Contact}
    :param dict users: {id: User}
    :param dict products: {SKU: Product}
    :param list sheets: PriceSheets
    :param dict rows: {table: rows} as read
    :param dict settings: of the company, {module: dict}
    :return: {kind: {code: Choice}}, of what something in the file names
    """
    accounts, rates = _chart(rows, settings), _rates(rows)
    used = {
        "account": {product.account for product in products.values()},
        "tax": set(),
        "store": set(),
    }
    for contact in contacts.values():
        if {"customer", "vendor"} & {*contact.roles}:
            used["account"].add(contact.gl_account)
        if "branch" in contact.roles:
            used["store"].add(contact.id)
    for row in rows.get("contacts", ()):
        if (rate := _word(row.get("tax_rate_id"))) != "-1":
            used["tax"].add(rate)
    return {
        "user": {user.id: Choice(user.id, user.name, user.email) for user in users.values()},
        "account": _known(used["account"], accounts),
        "tax": _known(used["tax"], rates),
        "store": {
            id_: Choice(id_, contacts[id_].name, contacts[id_].contact_id)
            for id_ in sorted(used["store"])
        },
        "pricelist": {
            code: Choice(code, sheet.title)
            for sheet in sheets
            if sheet.kind == "c" and not sheet.contact and not sheet.item
            for code in [sheet.id.split(".")[1]]
        },
    }


def is_account_type(code, account_type):
    """
    :param str code: the type of an account in Bizuno
    :param str account_type: in Odoo
    :return: whether both are of one kind
    """
    return code in _ACCOUNT_TYPES and account_type == _ACCOUNT_TYPES[code]


def as_rate(text):
    """:return: the percentage, or None

    >>> as_rate(""), as_rate("nan")
    (None, None)
    """
    try:
        rate = float(text)
    except ValueError:
        return None
    return rate if math.isfinite(rate) else None


def _known(codes, known):
    """:return: those of the codes that are not empty, whether or not the file says what they are"""
    return {
        code: known.get(code, Choice(code, "")) for code in sorted(codes) if code not in ("", "0")
    }


def _chart(rows, settings):
    chart = next((value for _id, value in _values(rows, "chart_of_accounts")), None)
    if not isinstance(chart, dict):
        books = settings.get("phreebooks")
        chart = books.get("chart") if isinstance(books, dict) else None
    if isinstance(chart, dict) and isinstance(chart.get("accounts"), dict):
        chart = chart["accounts"]
    return {
        str(code): Choice(str(code), _word(account.get("title")), _word(account.get("type")))
        for code, account in (chart.items() if isinstance(chart, dict) else ())
        if isinstance(account, dict)
    }


def _rates(rows):
    return {
        id_: Choice(id_, _word(value.get("title")), _word(value.get("tax_rate")), use)
        for key, use in (("tax_rate_c", "sale"), ("tax_rate_v", "purchase"))
        for id_, value in _values(rows, key)
        if isinstance(value, dict)
    }


def _values(rows, key):
    """:return: (id, value) of the rows of common_meta with such a key; that one is no JSON is told
    where it is brought over"""
    for row in rows.get("common_meta", ()):
        if row.get("meta_key") == key:
            try:
                yield row["id"], from_json(row.get("meta_value"))
            except ValueError:
                continue


def _word(value):
    return "" if value in (None, "null") else str(value).strip()
