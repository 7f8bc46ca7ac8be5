"""When a recurring reminder is due next: Bizuno's frequencies, as pure functions of dates."""

from calendar import monthrange
from datetime import date, timedelta

# Bizuno's codes: how many days or months one period has. Semi-monthly is 15 days there.
DAYS = {"d": 1, "w": 7, "b": 14, "h": 15}
MONTHS = {"m": 1, "q": 3, "y": 12, "3": 36}
ONCE = "z"
CODES = (*DAYS, *MONTHS, ONCE)


def next_date(start, recurrence, after):
    """The first date after `after` on the rhythm that begins at `start`.

    The rhythm is always counted from `start`, so a pause does not pile up missed dates, a date that
    was moved by hand does not shift the following ones, and month ends are kept.

    :param date start: the first date of the rhythm
    :param str recurrence: one of CODES
    :param date after: the date that must lie behind, usually today
    :return: a date, or None when there is no further one, the calendar's end included
    :raise ValueError: for an unknown recurrence

    >>> next_date(date(2026, 1, 31), "m", date(2026, 1, 31))
    datetime.date(2026, 2, 28)
    >>> next_date(date(2026, 1, 31), "m", date(2026, 2, 28))
    datetime.date(2026, 3, 31)
    >>> next_date(date(2026, 1, 5), "w", date(2026, 3, 1))
    datetime.date(2026, 3, 2)
    >>> next_date(date(2024, 2, 29), "y", date(2027, 12, 31))
    datetime.date(2028, 2, 29)
    >>> next_date(date(2026, 5, 1), "m", date(2026, 4, 1))
    datetime.date(2026, 5, 1)
    >>> next_date(date(2026, 5, 1), "z", date(2026, 5, 1)) is None
    True
    >>> next_date(date(9999, 12, 31), "w", date(9999, 12, 31)) is None
    True
    >>> next_date(date(1, 1, 31), "m", date(2026, 2, 1))
    datetime.date(2026, 2, 28)
    """
    if recurrence not in CODES:
        raise ValueError(f"unknown recurrence {recurrence!r}")
    if start > after:
        return start
    if recurrence == ONCE:
        return None
    if recurrence in DAYS:
        step = DAYS[recurrence]
        days = ((after - start).days // step + 1) * step
        return start + timedelta(days=days) if days <= (date.max - start).days else None
    step = MONTHS[recurrence]
    months = (after.year - start.year) * 12 + after.month - start.month
    periods = months // step
    candidate = _add_months(start, periods * step)
    if candidate <= after:
        candidate = _add_months(start, (periods + 1) * step)
    return candidate


def _add_months(start, months):
    """:return: the same day of a later month, or that month's last day; None after the year 9999

    >>> _add_months(date(2026, 11, 30), 3)
    datetime.date(2027, 2, 28)
    """
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    if year > date.max.year:
        return None
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))
