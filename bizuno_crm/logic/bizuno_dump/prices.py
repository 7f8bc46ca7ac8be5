"""Price sheets: what a level of one says, as far as it is a price, or an amount and a percentage on
the full price or on the cost of an item.

>>> level = as_level(1, {"qty": 10, "source": 3, "adjType": 2, "adjValue": 10})
>>> [rule] = as_rules([level])
>>> rule.base, rule.discount == 10, rule.surcharge == 0, rule.lost
('full', True, True, ())
"""

import json
import math
from decimal import Decimal
from typing import NamedTuple

from .ledger import as_number
from .records import PriceLevel, PriceSheet
from .values import as_reference, as_text, inside

TYPED, COST, FULL, FIRST_LEVEL, FIXED = 1, 2, 3, 4, 5
_MINUS_AMOUNT, _MINUS_PERCENT, _PLUS_AMOUNT, _PLUS_PERCENT = 1, 2, 3, 4
_WHOLE, _FRACTION, _MULTIPLE = 1, 2, 3
_HUNDREDTH = Decimal("0.01")


class Rule(NamedTuple):
    """From `quantity` on, the price is `surcharge` more than `base` ("full", "cost", or "typed",
    which is 0) less `discount` percent, in steps of `step`; `lost` are the codes of what of the
    level is lost."""

    quantity: float
    base: str
    discount: Decimal
    surcharge: Decimal
    step: Decimal
    lost: tuple


def as_level(number, row):
    """
    :param int number: of the level, from 1
    :param dict row: of the levels of a sheet
    :return: PriceLevel
    :raise ValueError: something in it is no number
    """
    names = ("qty", "source", "adjType", "adjValue", "rndType", "rndValue", "price")
    values = [as_number(as_text(row.get(name)).replace("\0", "")) for name in names]
    quantity, source, adjust, amount, rounding, round_value, price = values
    return PriceLevel(number, float(quantity), int(source), int(adjust), amount, int(rounding),
                      round_value, price)  # fmt: skip


def as_rules(levels):
    """
    :param list levels: of one sheet
    :return: [Rule], one for each level that means something

    >>> first = PriceLevel(1, 1.0, COST, 4, Decimal(40), 1, Decimal(0), Decimal(0))
    >>> as_rules([first])[0].lost
    ('price_rounding',)
    >>> gold = PriceLevel(1, 1.0, FULL, 2, Decimal(5), 0, Decimal(0), Decimal(0))
    >>> second = PriceLevel(2, 100.0, FIRST_LEVEL, 2, Decimal(20), 0, Decimal(0), Decimal(0))
    >>> as_rules([gold, second])[1].discount == 24
    True
    >>> typed = PriceLevel(1, 1.0, TYPED, 2, Decimal(10), 2, Decimal(95), Decimal(20))
    >>> as_rules([typed])[0].surcharge == Decimal("18.95"), as_rules([typed])[0].lost
    (True, ())
    """
    rules, first = [], None
    for level in levels:
        base, factor, plus, problem_codes = _start(level, first)
        if base is None:
            rules.append(
                Rule(level.quantity, "", Decimal(0), Decimal(0), Decimal(0), problem_codes)
            )
            continue
        factor, plus = _adjusted(level, factor, plus)
        step = Decimal(0)
        if base == "typed":
            plus = _rounded(level, plus)
        elif level.rounding:
            problem_codes = (*problem_codes, "price_rounding")
            step = level.round_value if level.rounding == _MULTIPLE else Decimal(1)
            # Odoo adds what is fixed after it has rounded.
            plus += _fraction(level) if level.rounding == _FRACTION else 0
        discount = (1 - factor) * 100
        if discount != discount.quantize(_HUNDREDTH):
            problem_codes = (*problem_codes, "price_percentage")
        if first is None:
            first = base, factor, plus, bool(level.rounding and base != "typed")
        if rules and not _is_lower(rules[-1], base, discount, plus):
            problem_codes = (*problem_codes, "price_lowest")
        rules.append(
            Rule(level.quantity, base, discount, plus, max(step, Decimal(0)), problem_codes)
        )
    return rules


def as_prices(levels, cost, full):
    """
    :param list levels: of one sheet
    :param Decimal cost: of the item
    :param Decimal full: its price
    :return: [(level, its price, whether that is reckoned from the item)]

    >>> typed = PriceLevel(1, 1.0, TYPED, 0, Decimal(0), 0, Decimal(0), Decimal(9))
    >>> cost = PriceLevel(2, 10.0, COST, 2, Decimal(3), 0, Decimal(0), Decimal(0))
    >>> late = PriceLevel(3, 50.0, FIRST_LEVEL, 1, Decimal(2), 0, Decimal(0), Decimal(0))
    >>> prices = as_prices([typed, cost, late], Decimal(8), Decimal(12))
    >>> [(level.number, float(price), is_reckoned) for level, price, is_reckoned in prices]
    [(1, 9.0, False), (2, 7.76, True), (3, 7.0, False)]
    """
    prices, first, of_item = [], None, {COST: cost, FULL: full, FIXED: full}
    for level in levels:
        if level.source == TYPED:
            price, is_reckoned = level.price, False
        elif level.source == FIRST_LEVEL and first:
            price, is_reckoned = first
        elif level.source in of_item:
            price, is_reckoned = of_item[level.source], True
        else:
            continue
        factor, plus = _adjusted(level, Decimal(1), Decimal(0))
        price = _rounded(level, price * factor + plus)
        first = first or (price, is_reckoned)
        prices.append((level, price, is_reckoned))
    return prices


def _start(level, first):
    """:return: what the price of a level is reckoned from: (base, factor, amount, codes)"""
    if level.source == TYPED:
        return "typed", Decimal(0), level.price, ()
    if level.source == COST:
        return "cost", Decimal(1), Decimal(0), ()
    if level.source in (FULL, FIXED):
        return "full", Decimal(1), Decimal(0), ()
    if level.source == FIRST_LEVEL and first:
        base, factor, plus, was_rounded = first
        return base, factor, plus, ("price_rounding",) if was_rounded else ()
    return None, None, None, ("price_source",)


def _adjusted(level, factor, plus):
    if level.adjust in (_MINUS_PERCENT, _PLUS_PERCENT):
        sign = 1 if level.adjust == _PLUS_PERCENT else -1
        part = 1 + sign * level.amount / 100
        return factor * part, plus * part
    if level.adjust in (_MINUS_AMOUNT, _PLUS_AMOUNT):
        return factor, plus + (level.amount if level.adjust == _PLUS_AMOUNT else -level.amount)
    return factor, plus


def _fraction(level):
    """:return: what a price ends in: 95 and 0.95 are both ninety-five hundredths"""
    value = max(level.round_value, Decimal(0))
    return value if value < 1 else Decimal(f"0.{int(value)}")


def _rounded(level, price):
    if level.rounding == _WHOLE:
        return Decimal(math.ceil(price))
    if level.rounding == _FRACTION:
        return math.floor(price) + _fraction(level)
    if level.rounding == _MULTIPLE and level.round_value > 0:
        return math.ceil(price / level.round_value) * level.round_value
    return price


def _is_lower(before, base, discount, plus):
    """Whether a level is never dearer than the one before it: in Bizuno the lowest price wins, in
    Odoo the level with the greatest quantity."""
    return base == before.base and discount >= before.discount and plus <= before.surcharge


class PriceRows:
    """A part of the reader, for price sheets."""

    def _price_sheets(self, meta):
        sheets = []
        for key in ("price_c", "price_v"):
            for row in meta.get(key, ()):
                value = self._json(row["table"], row, row["meta_value"])
                if isinstance(value, dict):
                    sheets.append(self._price_sheet(row["table"], row, value, key[-1]))
        for row in self.rows.get("inventory_prices", ()):
            value = self._json("inventory_prices", row, row.get("settings"), "settings")
            if isinstance(value, dict):
                levels = [_old_level(text) for text in as_text(value.get("attr")).split(";")]
                value = value | {
                    "levels": {"rows": levels}, "inactive": row.get("inactive"),
                    "currency": row.get("currency"), "cID": row.get("contact_id"),
                    "iID": row.get("inventory_id"),
                }  # fmt: skip
                kind = as_text(row.get("contact_type")) or "c"
                sheets.append(self._price_sheet("inventory_prices", row, value, kind))
        return sheets

    def _price_sheet(self, table, row, value, kind):
        rows = value.get("levels")
        rows = rows.get("rows") if isinstance(rows, dict) else rows
        levels = []
        for number, level_row in enumerate(rows if isinstance(rows, list) else (), 1):
            try:
                levels.append(as_level(number, level_row))
            except (AttributeError, ValueError, ArithmeticError):
                self._problem(
                    table, row["id"], f"levels {number}", json.dumps(level_row), "price_number"
                )
        owner, item = as_reference(value.get("cID")), as_reference(value.get("iID"))
        return PriceSheet(
            id=f"{table}.{row['id']}",
            title=as_text(value.get("title")),
            kind=kind,
            contact=row["ref_id"] if table == "contacts_meta" else owner,
            item=row["ref_id"] if table == "inventory_meta" else item,
            is_inactive=as_text(value.get("inactive")) == "1",
            is_default=inside(value, "default") == "1",
            is_last=inside(value, "postCalc") == "1",
            currency=inside(value, "currency"),
            levels=tuple(levels),
        )


def _old_level(text):
    """
    >>> _old_level("9.5:1:1:0:0:0:0")["price"]
    '9.5'
    """
    names = ("price", "qty", "source", "adjType", "adjValue", "rndType", "rndValue")
    return dict(zip(names, text.split(":"), strict=False))
