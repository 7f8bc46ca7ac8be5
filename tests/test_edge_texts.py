"""What people paste: Contact IDs, names in promotions and days at the ends of the calendar, with
every text and date that hypothesis can think of."""

import re
from datetime import date, datetime

import pytz
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree, html
from odoo.addons.bizuno_crm.logic import contact_id, moments, promo_fields

# Of each kind of what cannot be seen.
UNSEEN = "\x00\x07\n\r\t\x7f\x85\xad\u061c\u115f\u180e\u200b\u200d\u202e\u2028\u2060\u2066\u3164"
UNSEEN += "\ufe0f\ufeff\uffa0\U000e0041"
texts = st.text(max_size=60)
names = st.dictionaries(st.sampled_from(promo_fields.FIELDS), texts)
templates = st.lists(
    st.one_of(
        st.sampled_from(["{name}", "{Company|friend}", " {city}", "{{ name }}", "{x}", "&amp;"]),
        st.text(st.characters(exclude_characters="<>&{}", exclude_categories=["Cs", "Cc"])),
    ),
    max_size=6,
).map("".join)


@given(texts, st.sampled_from(UNSEEN), st.integers(0, 60))
@example("e\u0301", "\u200d", 1)
@example("Straße", "\u202e", 3)
def test_what_cannot_be_seen_makes_no_other_contact_id(text, unseen, place):
    other = text[:place] + unseen + text[place:]
    assert contact_id.key(other) == contact_id.key(text)
    assert contact_id.clean(other) == contact_id.clean(text)


@given(texts.filter(lambda text: "\u1680" not in text))
@example("\ud800A\udfff")
@example("ﬁ\u00a0\u2003")
def test_a_contact_id_is_kept_as_it_is_compared(text):
    kept = contact_id.clean(text)
    assert contact_id.key(kept) == contact_id.key(text)
    assert contact_id.clean(kept) == kept
    assert "\x00" not in kept
    assert kept.encode("utf-8").decode("utf-8") == kept
    assert len(contact_id.key(text * 30)) <= 2 * contact_id.LENGTH


@given(templates, names)
@example("For {name}", {"name": "A\r\nBcc: x@example.com"})
@example("{name}{company}", {"name": "{company}", "company": "{name}"})
def test_a_subject_stays_one_line_and_no_value_is_a_field(template, values):
    filled = promo_fields.fill_text(template, values)
    lines = len(template.splitlines() or [""])
    assert len(filled.splitlines() or [""]) <= lines
    # A value that looks like a field is not filled in again.
    marked = {name: "{name}" for name in promo_fields.FIELDS}
    once = promo_fields.fill_text("a {email} b", marked)
    assert once == "a {name} b"


@given(templates, names)
@example("Dear {name}", {"name": "<script>alert(1)</script>"})
@example("Dear {name}", {"name": '"><img src=x onerror=alert(1)>'})
def test_a_name_is_no_markup(template, values):
    body = f'<p title="{{name}}">{template} <b>{template}</b></p>'
    parts = promo_fields.split_html(body)
    joined = promo_fields.join_html(parts, values)
    root = html.fragment_fromstring(joined, create_parent="div")
    tags = [node.tag for node in root.iter(etree.Element)]
    assert tags == ["div", "p", "b"]
    assert root[0].get("title") == "{name}", "not in attributes"
    assert not re.search(r"<(?!/?(p|b)\b)", joined)


@given(st.dates(), st.sampled_from(["Pacific/Kiritimati", "Pacific/Niue", "UTC", "Asia/Kolkata"]))
@example(date.min, "Pacific/Kiritimati")
@example(date.max, "Pacific/Niue")
def test_each_day_begins_before_it_ends(day, zone):
    zone = pytz.timezone(zone)
    begin, end = moments.begin_of_day(day, zone), moments.end_of_day(day, zone)
    assert datetime.min <= begin < end <= datetime.max


@given(st.dates(), st.integers())
def test_no_number_of_days_leads_out_of_the_calendar(day, days):
    later = moments.days_later(day, days)
    assert date.min <= later <= date.max
    assert (later >= day) == (days >= 0) or later == day
