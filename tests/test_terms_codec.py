"""The codec of Bizuno's encoded terms, with every text that hypothesis can think of."""

import calendar
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.bizuno_crm.logic import terms

limits = st.decimals(min_value=0, max_value=10**9, places=2).map(abs)
dates = st.dates(min_value=date(1000, 1, 1))


@st.composite
def all_terms(draw):
    kind = draw(st.sampled_from(sorted(terms.LABELS)))
    on_date = kind == terms.ON_DATE
    return terms.Terms(
        type=kind,
        discount=draw(st.decimals(min_value=0, max_value=100, places=3)).copy_abs(),
        discount_days=draw(st.integers(0, 9999)),
        net_days=None if on_date else draw(st.integers(0, 9999)),
        due_date=draw(dates) if on_date else None,
        credit_limit=draw(limits),
    )


@given(all_terms())
def test_every_terms_round_trip(one):
    assert terms.parse(terms.encode(one)) == one


@given(all_terms())
def test_every_encoded_text_round_trips(one):
    text = terms.encode(one)
    assert terms.encode(terms.parse(text)) == text
    assert text.count(":") == 4


@given(st.one_of(st.text(), st.from_regex(r"[0-9:.\-+e ]{0,24}", fullmatch=True)))
def test_any_other_text_gives_one_clear_error(text):
    try:
        one = terms.parse(text)
    except terms.TermsError as error:
        assert error.part in terms.PARTS
        assert str(error).startswith("Payment terms")
    else:
        assert terms.parse(terms.encode(one)) == one


@given(st.one_of(st.none(), st.booleans(), st.integers(), st.binary(), st.lists(st.text())))
def test_what_is_no_text_gives_one_clear_error(value):
    with pytest.raises(terms.TermsError, match="wrong text"):
        terms.parse(value)


@given(st.integers(0, 4), all_terms())
def test_missing_parts_have_the_defaults(count, one):
    parts = terms.encode(one).split(":")
    if one.type == terms.ON_DATE and count < 4:
        with pytest.raises(terms.TermsError, match="wrong date"):
            terms.parse(":".join(parts[:count]) or "4")
        return
    default = "0:0:0:30:1000".split(":")
    short = ":".join(parts[:count]) or ":"
    assert terms.encode(terms.parse(short)) == ":".join(parts[:count] + default[count:])


@given(all_terms(), st.dates(min_value=date(1900, 1, 1), max_value=date(2900, 1, 1)))
def test_due_dates(one, posted):
    due = terms.due_date(one, posted)
    if one.type == terms.ON_DATE:
        assert due == one.due_date
    elif one.type == terms.END_OF_MONTH:
        assert (due.year, due.month) == (posted.year, posted.month)
        assert due.day == calendar.monthrange(due.year, due.month)[1]
    else:
        days = {terms.DEFAULT: 30, terms.SPECIAL: one.net_days}.get(one.type, 0)
        assert due == posted + timedelta(days=days)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("7", "type"),
        ("-1", "type"),
        ("x:1", "type"),
        ("3:2,5:10:30:1000", "discount"),
        ("3:101:10:30:1000", "discount"),
        ("3:2:1.5:30:1000", "discount days"),
        ("3:2:10:-30:1000", "net days"),
        ("3:2:10:030:1000", "net days"),
        ("3:2:10:30:1e3", "credit limit"),
        ("3:2:10:30:nan", "credit limit"),
        ("3:2:10:30:1000:1", "parts"),
        ("4:0:0:31.12.2026:1000", "date"),
        ("4:0:0:2026-02-30:1000", "date"),
        ("4:0:0:30:1000", "date"),
        ("3:٢:10:30:1000", "discount"),
    ],
)
def test_the_error_names_the_part(text, wrong):
    with pytest.raises(terms.TermsError, match=f"wrong {wrong} "):
        terms.parse(text)


def test_parts_without_effect_do_not_change_the_effect():
    assert terms.parse("2:5:10:60:1").effect == terms.parse("2").effect
    assert terms.parse("3:2:10:30").effect != terms.parse("3:2:10:31").effect
    assert terms.parse("3:2:0:30").early_discount is None
    assert terms.parse("0:2:10").early_discount is None
    assert terms.parse("5:2:10").early_discount == (Decimal(2), 10)
