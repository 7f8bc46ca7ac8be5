"""How amounts stand in a workbook."""


def amount_format(currency):
    """
    :param currency: anything with `decimal_places`
    :return: the format of its amounts

    >>> from types import SimpleNamespace as Currency
    >>> amount_format(Currency(decimal_places=2)), amount_format(Currency(decimal_places=0))
    ('#,##0.00', '#,##0')
    """
    decimals = currency.decimal_places
    return "#,##0" + ("." + "0" * decimals if decimals else "")
