"""Properties of the rhythm of reminders, for any dates."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.bizuno_crm.logic import recurrence

days = st.dates(date(1990, 1, 1), date(2080, 12, 31))
periodic = st.sampled_from([code for code in recurrence.CODES if code != recurrence.ONCE])


def rhythm(start, code, until):
    """All dates of the rhythm, by the plain definition: the n-th period after the start."""
    found, n = [], 0
    while True:
        if code in recurrence.DAYS:
            day = start + timedelta(days=n * recurrence.DAYS[code])
        else:
            day = recurrence._add_months(start, n * recurrence.MONTHS[code])
        if day > until:
            return found, day
        found.append(day)
        n += 1


@given(days, periodic, st.integers(0, 2000))
def test_next_date_is_the_first_of_the_rhythm_after_the_day(start, code, offset):
    after = start + timedelta(days=offset)
    _, expected = rhythm(start, code, after)
    assert recurrence.next_date(start, code, after) == expected


@given(days, periodic, days)
def test_next_date_lies_behind_the_day_and_not_before_the_start(start, code, after):
    found = recurrence.next_date(start, code, after)
    assert found > after
    assert found >= start


@given(days, st.sampled_from(sorted(recurrence.MONTHS)), days)
def test_months_keep_the_day_or_the_month_end(start, code, after):
    found = recurrence.next_date(start, code, after)
    assert found.day == start.day or (found + timedelta(days=1)).day == 1


@given(days, days)
def test_once_has_no_second_date(start, after):
    found = recurrence.next_date(start, recurrence.ONCE, after)
    assert found == (start if start > after else None)


def test_month_ends_over_a_year():
    day, found = date(2026, 1, 31), []
    for _ in range(5):
        day = recurrence.next_date(date(2026, 1, 31), "m", day)
        found.append(day.isoformat())
    assert found == ["2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31", "2026-06-30"]


def test_unknown_recurrence_is_an_error():
    with pytest.raises(ValueError, match="unknown recurrence"):
        recurrence.next_date(date(2026, 1, 1), "fortnight", date(2026, 1, 1))
