"""Which lines of a document a project is put on, and what a distribution says of projects.

A distribution is Odoo's: `{"12,7": 60.0, "12,9": 40.0}`, percentages by the ids of the analytic
accounts (one per plan) that share them.
"""

WHOLE = 100.0
#: Odoo's own decimal accuracy of a percentage is two digits unless somebody asks for more.
TOLERANCE = 0.005


def find_account_ids(distribution):
    """
    :param distribution: dict as above, or None
    :return: set of the ids of all accounts in it

    >>> sorted(find_account_ids({"12,7": 60.0, "12,9": 40.0}))
    [7, 9, 12]
    >>> find_account_ids(None)
    set()
    """
    return {
        int(part) for key in distribution or {} for part in key.split(",") if part.strip().isdigit()
    }


def sum_by_account(distribution):
    """
    :param distribution: dict as above, or None
    :return: {id of an account: its percentage of the line}

    >>> sum_by_account({"12,7": 60.0, "12,9": 40.0})
    {12: 100.0, 7: 60.0, 9: 40.0}
    """
    shares = {}
    for key, percentage in (distribution or {}).items():
        for account_id in find_account_ids({key: percentage}):
            shares[account_id] = shares.get(account_id, 0.0) + percentage
    return shares


def freeze(distribution):
    """
    :param distribution: dict as above, or None
    :return: what says the same and can be a key

    >>> freeze({"9": 40.0, "12,7": 60.0})
    (('12,7', 60.0), ('9', 40.0))
    >>> freeze(None) == freeze({}) == ()
    True
    """
    return tuple(sorted((distribution or {}).items()))


def rounded(distribution, digits):
    """
    :param distribution: dict as above, or None
    :param int digits: that a percentage has
    :return: the same with so many digits, in sum as before: the largest one takes up the rest

    >>> rounded({"7": 100 / 3, "9": 100 / 3, "12": 100 / 3}, 2)
    {'7': 33.34, '9': 33.33, '12': 33.33}
    >>> rounded({"7": 16.6667}, 2), rounded(None, 2)
    ({'7': 16.67}, {})
    """
    shares = {key: round(percentage, digits) for key, percentage in (distribution or {}).items()}
    if shares:
        largest = max(shares, key=lambda key: abs(shares[key]))
        rest = sum(distribution.values()) - sum(shares.values())
        shares[largest] = round(shares[largest] + rest, digits)
    return shares


def find_whole(shares):
    """
    :param dict shares: {project: percentage}
    :return: the project that the whole line is on, or None

    >>> find_whole({"cold store": 100.0})
    'cold store'
    >>> find_whole({"cold store": 60.0, "pumps": 40.0}), find_whole({"cold store": 60.0})
    (None, None)
    """
    if len(shares) != 1:
        return None
    [(project, percentage)] = shares.items()
    return project if abs(percentage - WHOLE) < TOLERANCE else None


def without_accounts(distribution, account_ids):
    """
    :param distribution: dict as above, or None
    :param set account_ids: that are not wanted
    :return: the distribution without them

    >>> without_accounts({"12,7": 60.0, "12,9": 40.0}, {7, 9})
    {'12': 100.0}
    >>> without_accounts({"7": 100.0}, {7})
    {}
    """
    left = {}
    for key, percentage in (distribution or {}).items():
        others = ",".join(part for part in key.split(",") if int(part) not in account_ids)
        if others:
            left[others] = left.get(others, 0.0) + percentage
    return left


def with_account(distribution, account_id, plan_account_ids):
    """Put one account on the whole line, beside whatever the accounts of other plans say.

    :param distribution: dict as above, or None
    :param int account_id: that is to have 100 %
    :param set plan_account_ids: accounts that it replaces, those of its own plan
    :return: the new distribution

    >>> with_account({"7": 60.0, "9": 40.0}, 12, set())
    {'7,12': 60.0, '9,12': 40.0}
    >>> with_account({"7": 60.0}, 12, set())
    {'7,12': 60.0, '12': 40.0}
    >>> with_account({"7,3": 100.0}, 12, {3})
    {'7,12': 100.0}

    Two plans that Odoo has put side by side, as its distribution models do, stay as they are:

    >>> with_account({"7": 100.0, "9": 100.0}, 12, set())
    {'7': 100.0, '9': 100.0, '12': 100.0}
    """
    others = without_accounts(distribution, {*plan_account_ids, account_id})
    total = sum(others.values())
    if total > WHOLE + TOLERANCE:
        return {**others, str(account_id): WHOLE}
    joined = {f"{key},{account_id}": percentage for key, percentage in others.items()}
    if WHOLE - total > TOLERANCE:
        joined[str(account_id)] = WHOLE - total
    return joined
