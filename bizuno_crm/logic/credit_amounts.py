"""Whether the stored amounts of a line are what follows from its quantity, price and taxes.

What they come to is worked out by Odoo, at some cost, where this one is in doubt: it knows
percentages that are all added to the price, or all part of it, and nothing else.

>>> follows(3, 10.0, 0, 30.0, 34.5, [15.0], False, 0.01)
True
>>> follows(3, 10.0, 0, 26.09, 30.0, [15.0], True, 0.01)
True
>>> follows(3, 10.0, 50, 15.0, 15.0, [], False, 0.01)
True

What somebody has written is found, whichever of the amounts it is.

>>> follows(3, 10.0, 0, 30.0, 1.0, [15.0], False, 0.01)
False
>>> follows(3, 10.0, 0, 1.0, 1.15, [15.0], False, 0.01)
False
>>> follows(3, 10.0, 0, float("nan"), 34.5, [15.0], False, 0.01)
False
"""


def follows(quantity, price, discount, untaxed, total, percentages, included, rounding):
    """
    :param float untaxed: what is stored without taxes
    :param float total: what is stored with taxes
    :param list percentages: of the taxes, each of the price alone
    :param bool included: the price contains them
    :param float rounding: of the currency; each amount and each tax may be rounded once
    """
    amount = quantity * price * (1 - (discount or 0.0) / 100)
    factor = 1 + sum(percentages) / 100
    if included and factor <= 0:
        return False
    expected = (amount / factor, amount) if included else (amount, amount * factor)
    cents = rounding * (1 + len(percentages))
    # NaN is no difference of cents.
    return all(
        abs(stored - expected_amount) <= cents
        for stored, expected_amount in zip((untaxed, total), expected, strict=True)
    )
