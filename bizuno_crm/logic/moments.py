"""Days of a time zone as moments in UTC, up to the first and the last day there is."""

from datetime import UTC, date, datetime, time, timedelta


def begin_of_day(day, zone):
    """
    :param date day: as people in the zone count it
    :param zone: a pytz time zone
    :return: the moment at which it begins, naive UTC; of the very first day, of which a part is
        before the beginning of all dates, the first moment of all

    >>> import pytz
    >>> begin_of_day(date(2026, 5, 1), pytz.timezone("Europe/Berlin"))
    datetime.datetime(2026, 4, 30, 22, 0)
    >>> begin_of_day(date.min, pytz.timezone("Europe/Berlin"))
    datetime.datetime(1, 1, 1, 0, 0)
    """
    begin = datetime.combine(day, time.min)
    try:
        return zone.localize(begin).astimezone(UTC).replace(tzinfo=None)
    except OverflowError:
        return begin


def end_of_day(day, zone):
    """:return: the first moment after a day, naive UTC; after the last day the last one there is

    >>> import pytz
    >>> end_of_day(date(2026, 5, 1), pytz.timezone("America/New_York"))
    datetime.datetime(2026, 5, 2, 4, 0)
    >>> end_of_day(date.max, pytz.timezone("America/New_York"))
    datetime.datetime(9999, 12, 31, 23, 59, 59, 999999)
    """
    if day == date.max:
        return datetime.max
    return begin_of_day(day + timedelta(days=1), zone)


def days_later(day, days):
    """:return: the day so many days after another, or the last (or first) one there is

    >>> days_later(date(2026, 2, 27), 7), days_later(date(9999, 12, 30), 7)
    (datetime.date(2026, 3, 6), datetime.date(9999, 12, 31))
    >>> days_later(date(1, 1, 3), -7)
    datetime.date(1, 1, 1)
    """
    return day + timedelta(days=max((date.min - day).days, min(days, (date.max - day).days)))


def end_of_last_quarter(day):
    """:return: the last day of the quarter before the one of a day

    >>> end_of_last_quarter(date(2026, 11, 26)), end_of_last_quarter(date(2026, 2, 1))
    (datetime.date(2026, 9, 30), datetime.date(2025, 12, 31))
    """
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1) - timedelta(days=1)
