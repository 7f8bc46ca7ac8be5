"""What is read of a real Bizuno company, against the figures that were worked out beside Bizuno."""

import io
from collections import Counter
from datetime import date, datetime
from decimal import Decimal
from functools import cache

import pytest
from odoo.addons.bizuno_crm.logic import aging, terms
from odoo.addons.bizuno_crm.logic.bizuno_dump import company, contacts, ledger, problems
from test_bizuno_dump import DATA, NAMES, PRE7, START, expected

TODAY = date(2026, 11, 26)
BUCKETS = {"current": "current", "1-30": "1_30", "31-60": "31_60", "61-90": "61_90",
           "91-120": "91_120", "over 120": "over_120"}  # fmt: skip
SIDES = {"ar": ledger.RECEIVABLE, "ap": ledger.PAYABLE}
LETTERS = {word: letter for letter, word in contacts.ROLES.items()}


@cache
def read(name):
    return company.read(lambda: (DATA / f"{name}.sql.gz").open("rb"))


def changed(*changes):
    """Company C with some of its text exchanged."""
    data = PRE7[START:].decode()
    for old, new in changes:
        assert data.count(old) == 1, old
        data = data.replace(old, new)
    return company.read(lambda: io.BytesIO(data.encode()))


@pytest.mark.parametrize("name", NAMES)
def test_counts_are_those_of_bizuno(name):
    found, figures = read(name), expected(name)
    assert found.currency == figures["company_currency"]
    assert found.default_terms == {
        kind: figures[f"default_terms_{kind}"] for kind in ("customers", "vendors")
    }
    roles = Counter(LETTERS[role] for one in found.contacts.values() for role in one.roles)
    by_letter = figures.get("contacts_by_flag") or figures["contacts_by_type"]
    assert roles == {letter: count for letter, count in by_letter.items() if count}
    statuses = Counter()
    for code, count in figures["contacts_by_status"].items():
        # An unknown one is taken for active, and told.
        statuses[contacts.as_status(code) or "active"] += count
    assert Counter(one.status for one in found.contacts.values()) == statuses
    actions = Counter(one.action or "NULL" for one in found.log)
    assert actions == figures["contacts_log_by_action"]
    journals = Counter()
    for (journal, _year), count in found.years.items():
        journals[journal] += count
    assert journals == {key: value["count"] for key, value in figures["journals"].items()}
    totals, opened = Counter(), Counter()
    for one in found.documents:
        totals[one.journal] += one.total
        opened[one.journal] += one.is_open
    for journal in ledger.SIGNS:
        if journal in figures["journals"]:
            # Theirs is the rounded sum of amounts that foreign currencies leave unrounded.
            total = Decimal(str(figures["journals"][journal]["total_amount"]))
            assert abs(totals[journal] - total) <= Decimal("0.02")
            assert opened[journal] == figures["journals"][journal]["open"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("rule", ledger.RULES)
def test_open_amounts_of_each_contact_and_bucket(name, side, rule):
    figures = ledger.aged(read(name).documents, SIDES[side], TODAY, rule)
    seen = 0
    for contact in expected(name)["contacts_with_figures"]:
        known = contact.get(f"{side}_{rule}") or dict.fromkeys([*BUCKETS, "total"], 0)
        figure = figures.pop(str(contact["id"]), {})
        for label, key in {**BUCKETS, "total": "total"}.items():
            assert figure.get(key, 0) == Decimal(str(known[label])), (contact, label)
        seen += bool(figure)
    assert seen > 4
    assert not any(figure["total"] for figure in figures.values())
    total = expected(name)["totals"][side][rule]
    for label, key in BUCKETS.items():
        again = ledger.aged(read(name).documents, SIDES[side], TODAY, rule).values()
        assert sum(figure[key] for figure in again) == Decimal(str(total[label]))


@pytest.mark.parametrize("name", NAMES)
def test_each_open_document(name):
    documents = {one.id: one for one in read(name).documents}
    opened = expected(name)["open_documents"]
    assert len(opened) > 30
    for known in opened:
        found = documents.pop(str(known["id"]))
        assert found.is_open
        assert (found.journal, found.number) == (str(known["journal_id"]), known["number"] or "")
        assert found.contact == str(known["contact_id"])
        assert found.date == date.fromisoformat(known["post_date"])
        assert found.balance == Decimal(str(known["balance"]))
        for rule in ledger.RULES:
            assert found.due[rule] == date.fromisoformat(known[f"due_{rule}"]), (known, rule)
            late = (TODAY - found.due[rule]).days
            assert late == known[f"days_late_{rule}"]
            assert aging.bucket_of(late) == BUCKETS[known[f"bucket_{rule}"]]
    # The dumps' lists leave out documents without a balance.
    assert not [one for one in documents.values() if one.is_open and one.balance]


@pytest.mark.parametrize("name", ["company_a", "company_c_migrated"])
def test_terms_are_read_as_bizuno_reads_them(name):
    found, seen = read(name), 0
    for known in expected(name)["terms_as_bizuno_reads_them"]:
        contact = found.contacts[str(known["id"])]
        if "branch" in contact.roles:
            assert contact.terms == ""  # an account stands there
            continue
        given = known["terms"]
        if contact.contact_id == "CUST-01" and given == "0":
            continue  # what Bizuno's own page shows here, its database does not say
        assert contact.terms == ("" if given == "0" else given)
        # The default terms of the company are for who has none of his own.
        kind = "vendors" if contact.roles == ("vendor",) else "customers"
        its = terms.parse(contact.terms or found.default_terms[kind])
        if its.type == terms.DEFAULT:
            its = terms.parse(found.default_terms[kind])
        due = date.fromisoformat(known["due_if_posted_on_dump_date"])
        if {*contact.roles} & {"customer", "vendor"}:
            assert terms.due_date(its, TODAY) == due, known
            seen += 1
        if given.count(":") == 4 and not given.endswith(":0"):
            assert terms.parse(given).credit_limit == Decimal(known["credit_limit"])
    assert seen > 20


def test_a_contact_of_7_with_everything():
    one = next(c for c in read("company_a").contacts.values() if c.contact_id == "FL-ALL")
    assert one.roles == ("customer",)
    assert (one.name, one.rep, one.store, one.price_sheet) == ("All Flags & Co", "2", "9", "159")
    assert (one.tax_exempt, one.marketplace, one.newsletter) == (True, True, True)
    assert one.account_number == "OUR-778"
    assert one.notes == "<p>Rich <b>text</b> note</p><ul><li>one</li><li>two &amp; three</li></ul>"
    assert one.address.emails[1:3] == ("ar.all@example.com", "purch.all@example.com")
    assert one.address.phones[0] == "(555) 010-0001"
    assert one.first_date == date(2024, 2, 29)


def test_no_secret_of_an_employee_is_read():
    for name in NAMES:
        staff = [c for c in read(name).contacts.values() if c.roles == ("employee",)]
        assert staff
        assert not [c for c in staff if c.account_number or c.gov_id]
        text = repr(read(name))
        for secret in ("000-00-000", "'1201'", "Bank of Nowhere", "user_auth", "smtp_pass"):
            assert secret not in text


def test_people_and_addresses():
    kinds = Counter(one.kind for one in read("company_a").addresses)
    assert kinds == {"billing": 2, "delivery": 10, "person": 6}
    kinds = Counter(one.kind for one in read("company_c_pre7").addresses)
    assert kinds == {"billing": 2, "delivery": 4}
    owners = {
        one.contact_id: int(one.owner) if one.owner else None
        for one in read("company_c_pre7").contacts.values()
        if one.roles == ("lead",)
    }
    assert owners == {
        one["short_name"]: one["belongs_to"] for one in expected("company_c_pre7")["crm_contacts"]
    }
    assert Counter(one.kind for one in read("company_c_migrated").addresses)["person"] == 5


def test_projects_of_both_layouts():
    found = {one.number: one for one in read("company_a").projects}
    assert len(found) == 34
    new, migrated = found["PJ00001"], found["PJ00503"]
    assert (new.market, new.ambiguous, new.stage, new.contact) == ("a", False, "n", "54")
    assert (new.created, new.assigned_to, new.reminder) == (date(2026, 5, 10), "3", None)
    assert (migrated.market, migrated.ambiguous, migrated.contact) == ("cm", False, "75")
    assert found["PJ00005"].ambiguous
    old = {one.number: one for one in read("company_c_pre7").projects}
    stages = Counter(one.stage for one in old.values())
    assert stages == expected("company_c_pre7")["projects_by_status"]
    assert old["Cust-00002"].market == "cm"
    assert old["Cust-00002"].assigned_to == "user:1"
    assert old["Cust-00012"].contact == ""


def test_reminders_promotions_and_calls():
    reminders = read("company_a").reminders
    assert Counter(one.rhythm for one in reminders) == dict.fromkeys("dwbhmqy3z", 2)
    assert {one.user for one in reminders} == {"1", "2"}
    assert reminders[0].next == date(2026, 11, 3)
    assert len(read("company_c_pre7").reminders) == len(read("company_c_migrated").reminders) == 9
    sent = {one.title: one.sent for one in read("company_c_pre7").promotions}
    assert sent["Old spring"] == (date(2026, 3, 5), date(2026, 3, 6))
    assert sent["Never sent"] == ()
    assert len(read("company_a").promotions) == 4
    call = read("company_c_pre7").log[0]
    assert (call.date, call.author) == (datetime(2026, 11, 25), "user:1")


def test_what_is_wrong_with_the_real_data_is_told():
    told = {(p.table, p.row, p.field, p.code) for p in read("company_a").problems}
    assert told == {
        ("contacts", "48", "inactive", "status_unknown"),
        ("contacts", "59", "rep_id", "rep_unknown"),
        ("contacts", "82", "primary_name", "no_name"),
    }
    told = {(p.table, p.row, p.code) for p in read("company_c_pre7").problems}
    assert told == {
        ("contacts", "25", "contact_id_twice"),
        ("crmPromos_history", "4", "orphan"),
    }


CONTACT = "(4,'c','0','CUST-00','0',0,'0',0,'0',1,'0',NULL,NULL,NULL,NULL,'','4000','2026-11-26'"

PERSON = "(26,'i','0','CRM-0','0',0,'0',0,'4'"


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (CONTACT, CONTACT.replace("'CUST-00'", "'cust-01 '"), "contact_id_twice"),
        (CONTACT, CONTACT.replace("'CUST-00'", "''"), "no_contact_id"),
        (CONTACT, CONTACT.replace("'2026-11-26'", "'0000-00-00'"), "date_zero"),
        (CONTACT, CONTACT.replace("'2026-11-26'", "'2026-02-31'"), "date_wrong"),
        (CONTACT, CONTACT.replace("(4,'c'", "(4,'q'"), "type_unknown"),
        (CONTACT, CONTACT.replace("1,'0',NULL", "1,'3:x',NULL"), "terms_wrong"),
        (CONTACT, CONTACT.replace("(4,", "(5,"), "row_twice"),
        (PERSON, PERSON.replace("'4'", "'27'"), "owner_person"),
        (PERSON, PERSON.replace("'4'", "'26'"), "owner_person"),
        (PERSON, PERSON.replace("'4'", "'99'"), "owner_unknown"),
        ("(1,4,'2026-11-25 00:00:00'", "(1,99,'2026-11-25 00:00:00'", "orphan"),
        ("(1,4,'2026-11-25 00:00:00'", "(1,4,'25.11.2026'", "date_wrong"),
    ],
)  # fmt: skip
def test_a_wrong_row_has_its_problem(old, new, code):
    found = changed((old, new))
    assert code in {problem.code for problem in found.problems}
    assert all(isinstance(problem, problems.Problem) for problem in found.problems)


def test_a_number_of_another_country_is_told():
    found = read("company_c_pre7")
    one = next(d for d in found.documents if d.is_open and d.journal == "12")
    assert ledger.as_amount(str(one.total)) == one.total
    for text in ("1.234,50", "1,234.50", "1 234", "abc", "1e999999", "NaN"):
        with pytest.raises(ValueError):
            ledger.as_amount(text)
