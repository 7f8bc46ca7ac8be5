"""What is read of a real Bizuno company, against the figures that were worked out beside Bizuno."""

import gzip
import io
from collections import Counter
from datetime import date, datetime
from decimal import Decimal
from functools import cache

import pytest
from odoo.addons.bizuno_crm.logic import aging, terms
from odoo.addons.bizuno_crm.logic.bizuno_dump import (
    company,
    contacts,
    ledger,
    orders,
    prices,
    problems,
)
from test_bizuno_dump import DATA, NAMES, PRE7, expected

TODAY = date(2026, 11, 26)
BUCKETS = {"current": "current", "1-30": "1_30", "31-60": "31_60", "61-90": "61_90",
           "91-120": "91_120", "over 120": "over_120"}  # fmt: skip
SIDES = {"ar": ledger.RECEIVABLE, "ap": ledger.PAYABLE}
LETTERS = {word: letter for letter, word in contacts.ROLES.items()}


@cache
def read(name):
    return company.read(lambda: (DATA / f"{name}.sql.gz").open("rb"))


def changed(*changes, name="company_c_pre7"):
    """A company with some of its text exchanged."""
    data = gzip.decompress((DATA / f"{name}.sql.gz").read_bytes()).decode()
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
    for journal, known in figures["journals"].items():
        one = found.journals[journal]
        assert (one.count, one.opened) == (known["count"], known["open"])
        # Theirs is the rounded sum of amounts that foreign currencies leave unrounded.
        assert abs(one.total - Decimal(str(known["total_amount"]))) <= Decimal("0.02")


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
    # What was due and not dismissed is for once.
    due = [one for one in reminders if ".due" in one.id]
    assert [(one.user, one.title, one.next) for one in due[:1]] == [
        ("1", "Remind d for admin", date(2026, 11, 2))
    ]
    assert Counter(one.rhythm for one in due) == {"z": 5}
    reminders = [one for one in reminders if one not in due]
    assert Counter(one.rhythm for one in reminders) == dict.fromkeys("dwbhmqy3z", 2)
    assert {one.user for one in reminders} == {"1", "2"}
    assert reminders[0].next == date(2026, 11, 3)
    for name in ("company_c_pre7", "company_c_migrated"):
        *rest, last = read(name).reminders
        assert len(rest) == 9
        assert (last.title, last.rhythm, last.next) == ("Overdue one", "z", date(2026, 11, 1))
    sent = {one.title: one.sent for one in read("company_c_pre7").promotions}
    assert sent["Old spring"] == (date(2026, 3, 5), date(2026, 3, 6))
    assert sent["Never sent"] == ()
    assert len(read("company_a").promotions) == 4
    call = read("company_c_pre7").log[0]
    assert (call.date, call.author) == (datetime(2026, 11, 25), "user:1")


@pytest.mark.parametrize("name", NAMES)
def test_open_quotations_and_orders(name):
    opened = Counter(one.journal for one in read(name).orders)
    journals = expected(name)["journals"]
    assert opened == {
        journal: journals[journal]["open"] for journal in orders.FILLED_BY if journal in journals
    }


def test_of_an_order_is_left_what_was_not_invoiced():
    found = {one.number: one for one in read("company_a").orders}
    one = found["SO00001"]
    assert [(line.sku, line.ordered, line.quantity) for line in one.lines] == [
        ("GEAR-20", 10, 3), ('HUB "A"', 4, 0), ("SVC-HR", 6, 3),
    ]  # fmt: skip
    assert (one.is_begun, one.made_from, one.po_number) == (True, "46", "RFQ-77")
    # That an order was made of it leaves a quotation as it is.
    assert [line.quantity for line in found["QU00002"].lines] == [10, 4, 6]
    assert found["QU00002"].last_day == date(2026, 9, 27)
    for one in found.values():
        assert one.total == sum(line.amount for line in one.lines)
    # What Bizuno itself keeps on an item as ordered by customers, of open orders.
    wanted = Counter()
    for one in found.values():
        if one.journal == orders.SALES_ORDER:
            wanted.update({line.sku: line.quantity for line in one.lines})
    assert wanted["GEAR-20"] == 8


def test_items_and_price_sheets_of_both_layouts():
    found = read("company_a")
    assert found.products["CABLE-M"].price == Decimal("1.375")
    assert found.products["SVC-HR"].is_service
    assert not found.products["GEAR-10"].is_service
    assert len([one for one in found.price_sheets if one.kind == "c"]) == 9
    [vendor] = [one for one in found.price_sheets if one.kind == "v"]
    assert vendor.title == "Vendor sheet"
    own = next(one for one in found.price_sheets if one.id == "contacts_meta.26")
    assert (own.contact, own.item, [level.price for level in own.levels]) == (
        "54", "3", [Decimal("19.5"), Decimal("17.25")],
    )  # fmt: skip
    old = {one.title: one for one in read("company_c_pre7").price_sheets}
    new = {one.title: one for one in read("company_c_migrated").price_sheets}
    assert [*old] == [*new] == ["Old gold", 'Old cost "plus"', "Old direct"]
    for title, sheet in old.items():
        assert prices.as_rules(sheet.levels) == prices.as_rules(new[title].levels)
    assert old["Old gold"].is_default


@pytest.mark.parametrize("name", NAMES)
def test_every_payment_of_the_real_data_has_paid_something(name):
    payments = (*ledger.RECEIVABLE_PAYMENTS, *ledger.PAYABLE_PAYMENTS)
    assert not ledger.open_amounts(read(name).documents, payments)


@pytest.mark.parametrize("to", ["0", "NULL", "9999", "45"])
def test_a_payment_that_names_no_document_is_open(to):
    """As none, or as one that is gone or is an order."""
    before = read("company_c_pre7")
    found = changed(("(103,52,21,'pmt'", f"(103,52,{to},'pmt'"))
    [one] = [one for one in found.documents if one.journal == ledger.RECEIPT]
    assert (one.id, one.number, one.balance) == ("52", "DP2", Decimal(-10))
    assert one.date == one.due["own_rule"] == one.due["reference_rule"] == date(2026, 11, 22)
    old, new = (
        ledger.open_amounts(it.documents, ledger.RECEIVABLE)[one.contact] for it in (before, found)
    )
    assert new == old + 10
    together = (*ledger.RECEIVABLE, *ledger.RECEIVABLE_PAYMENTS)
    assert ledger.open_amounts(found.documents, together)[one.contact] == old


def test_payments_to_vendors_and_refunds_count_on_their_side():
    data = gzip.decompress((DATA / "company_a.sql.gz").read_bytes()).decode()
    for line in ("446,135,18", "564,170,164", "318,94,86"):
        old = f"({line},'pmt'"
        assert data.count(old) == 1
        data = data.replace(old, f"({line.rpartition(',')[0]},0,'pmt'")
    found = company.read(lambda: io.BytesIO(data.encode()))
    opened = {
        one.number: one.balance for one in found.documents if one.journal in ledger.PAYMENT_SIGNS
    }
    # Paid to a vendor, got back from one, paid back to a customer.
    assert opened == {"CK00201": -40, "VRF-1": 21, "RF-1": Decimal("64.2")}


def test_what_is_wrong_with_the_real_data_is_told():
    told = {(p.table, p.row, p.field, p.code) for p in read("company_a").problems}
    assert told == {
        ("contacts", "48", "inactive", "status_unknown"),
        # An employee without a login, whom nobody can choose on Map: no rep comes over.
        ("contacts", "57", "rep_id", "rep_no_user"),
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
        (PERSON, PERSON.replace("'CRM-0'", "'cust-05'").replace("'4'", "'99'"),
         "contact_id_twice"),
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
        ("(1,4,'2026-11-25 00:00:00'", "(1,4,'0026-11-25 00:00:00'", "date_wrong"),
        ("(1,4,'2026-11-25 00:00:00'", "(1,4,'9999-12-31 23:59:59'", "date_wrong"),
    ],
)  # fmt: skip
def test_a_wrong_row_has_its_problem(old, new, code):
    found = changed((old, new))
    assert code in {problem.code for problem in found.problems}
    assert all(isinstance(problem, problems.Problem) for problem in found.problems)


def test_a_person_of_a_contact_may_have_its_id():
    found = changed((PERSON, PERSON.replace("'CRM-0'", "'CUST-05'")))
    assert [p.row for p in found.problems if p.code == "contact_id_twice"] == ["25"]


def test_where_an_order_goes():
    assert {(one.ship_contact, one.ship_to) for one in read("company_a").orders if one.journal
            in orders.SALES} == {("54", None), ("30", None), ("77", None)}  # fmt: skip


def test_a_number_of_another_country_is_told():
    found = read("company_c_pre7")
    one = next(d for d in found.documents if d.is_open and d.journal == "12")
    assert ledger.as_amount(str(one.total)) == one.total
    for text in ("1.234,50", "1,234.50", "1 234", "abc", "1e999999", "NaN"):
        with pytest.raises(ValueError):
            ledger.as_amount(text)


INVOICE = "(105,10,12,0,'Sales: Terms house T0x',0,0,7.5,392.47,"
PAYMENT = "(457,139,105,'pmt',0,'0',1,NULL,1,'Inv # INV00075, PO # None',0,20,"
LINE = "'GEAR-20',5,'Gear, 20 teeth',0,120,"
FILLING = "'GEAR-20',4,'Gear, 20 teeth',0,96,0"


@pytest.mark.parametrize(
    ("old", "new", "told", "left"),
    [
        (INVOICE, INVOICE.replace("392.47", "'392,47'"),
         ("journal_main", "105", "total_amount", "392,47"), ("105", "INV00075")),
        (PAYMENT, PAYMENT.replace(",20,", ",'20 EUR',"),
         ("journal_item", "457", "credit_amount", "20 EUR"), ("105", "INV00075")),
        (PAYMENT, PAYMENT.replace(",0,20,", ",'x',20,"),
         ("journal_item", "457", "debit_amount", "x"), ("105", "INV00075")),
        # Of an order, and of an invoice that has filled one.
        (LINE, LINE.replace(",5,", ",'5,0',"), ("journal_item", "485", "qty", "5,0"),
         ("149", "SO00003")),
        (FILLING, FILLING.replace(",4,", ",'four',"), ("journal_item", "207", "qty", "four"),
         ("53", "SO00001")),
    ],
)  # fmt: skip
def test_what_has_a_number_that_cannot_be_read_is_left_out(old, new, told, left):
    before, found = read("company_a"), changed((old, new), name="company_a")
    ids, before = (
        {one.id for one in (*company.documents, *company.orders)} for company in (found, before)
    )
    assert before - ids == found.unread == {left[0]}
    new = [one for one in found.problems if one not in read("company_a").problems]
    assert {tuple(one) for one in new} == {
        (*told, "number_wrong"), ("journal_main", left[0], "invoice_num", left[1], "amount_wrong"),
    }  # fmt: skip
    assert len(new) == 2


def test_an_unapplied_payment_with_a_number_that_cannot_be_read_is_left_out():
    paid = "(457,139,0,'pmt',0,'0',1,NULL,1,'Inv # INV00075, PO # None',0,'2O',"
    found = changed((PAYMENT, paid), name="company_a")
    assert found.unread == {"139"}
    [invoice] = [one for one in found.documents if one.id == "105"]
    assert invoice.balance == Decimal("392.47")


def test_a_document_without_a_date_is_kept_apart():
    dated = "392.47,NULL,'INV00075','0','0','2026-10-17'"
    found = changed((dated, dated.replace("2026-10-17", "0000-00-00")), name="company_a")
    [one] = found.unbookable
    assert (one.id, one.balance, one.date, one.due) == ("105", Decimal("372.47"), None, {})
    assert found.unread == {"105"}
    assert "105" not in {one.id for one in found.documents}
    assert not read("company_a").unread


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("(105,10,12,0,'Sales: Terms house T0x'", "(105,10,0,'Sales: Terms house T0x'"),
        ("(457,139,105,'pmt',0,", "(457,139,105,'pmt',"),
        ("(457,139,105,'pmt',0,", "(NULL,139,105,'pmt',0,"),
    ],
)
def test_a_row_of_the_journal_that_is_lost_leaves_a_gap(old, new):
    [table] = changed((old, new), name="company_a").gaps
    assert table in ledger.TABLES
    assert not read("company_a").gaps


@pytest.mark.parametrize(
    ("old", "new", "table", "id_"),
    [
        ("(2,5,'2026-11-08 00:00:00'", "(1,5,'2026-11-08 00:00:00'", "contacts_log", "1"),
        ("(2,18,12,0,'Sales Invoice: Long", "(1,18,12,0,'Sales Invoice: Long", "journal_main", "1"),
        ("(3,'Never sent'", "(2,'Never sent'", "crmPromos", "2"),
        (CONTACT, CONTACT.replace("(4,", "(5,"), "contacts", "5"),
    ],
)
def test_of_two_rows_with_one_id_the_first_is_kept(old, new, table, id_):
    found, before = changed((old, new)), read("company_c_pre7")
    assert problems.Problem(table, id_, "id", id_, "row_twice") in found.problems
    kept = {
        "contacts_log": lambda it: len(it.log),
        "journal_main": lambda it: it.journals["12"].count,
        "crmPromos": lambda it: len(it.promotions),
        "contacts": lambda it: len(it.contacts),
    }[table]
    assert kept(found) == kept(before) - 1


def test_a_payment_that_stands_in_the_file_twice_counts_once():
    data = gzip.decompress((DATA / "company_a.sql.gz").read_bytes()).decode()
    begin = data.index(PAYMENT)
    line = data[begin : data.index("\n", begin) + 1]
    found = changed((line, line * 3), name="company_a")
    assert found.documents == read("company_a").documents
    assert [one.code for one in found.problems].count("row_twice") == 2


def test_no_sign_is_read_that_a_database_does_not_hold():
    found = changed(
        (CONTACT, CONTACT.replace("CUST-00", r"CU\0ST-00")),
        (r"'Old call 0\nline'", r"'Old\0 call 0\nline'"),
        ("'Never sent',NULL", r"'Never\0 sent',NULL"),
        ("'Sales Invoice: Burrowfen Ltd',0,0,0,250,'OB+200','200000'",
         r"'Sales Invoice: Burrowfen Ltd',0,0,0,250,'OB\0+200','20000\00'"),
        ("(3,18,12,0,", r"(3,18,'1\02',0,"),
        ("'200003','0','0','2026-06-23'", r"'200003','0','0','20\026-06-23'"),
    )  # fmt: skip
    assert "\\x00" not in repr(found)
    before = read("company_c_pre7")
    assert (found.contacts, found.log, found.promotions, found.documents) == (
        before.contacts, before.log, before.promotions, before.documents,
    )  # fmt: skip
    assert (found.years, found.journals) == (before.years, before.journals)
    dock = r"\"primary_name\":\"Main dock\""
    data = gzip.decompress((DATA / "company_a.sql.gz").read_bytes()).decode()
    data = data.replace(dock, dock.replace("dock", r"\\ud83ddock\\u0000"))
    found = company.read(lambda: io.BytesIO(data.encode()))
    assert found.addresses == read("company_a").addresses
    assert r"\ud83d" not in repr(found)


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("company_a", "journal_item"), ("company_a", "contacts_meta"),
        ("company_c_migrated", "wp_bizuno_common_meta"),
        ("company_c_pre7", "wp_bizuno_journal_item"), ("company_c_pre7", "wp_bizuno_address_book"),
        ("company_c_pre7", "wp_bizuno_users"),
    ],
)  # fmt: skip
def test_a_dump_of_some_tables_is_refused(name, table):
    data = gzip.decompress((DATA / f"{name}.sql.gz").read_bytes())
    data = data.replace(f"`{table}`".encode(), b"`left_out`")
    with pytest.raises(problems.FileError) as error:
        company.read(lambda: io.BytesIO(data))
    assert (error.value.code, error.value.facts) == ("missing_table", {"table": table})


def test_the_tables_of_a_server_on_windows_have_small_letters():
    data = PRE7.decode()
    for table in ("crmProjects", "crmPromos", "crmPromos_history"):
        data = data.replace(f"`wp_bizuno_{table}`", f"`wp_bizuno_{table.lower()}`")
    found, before = company.read(lambda: io.BytesIO(data.encode())), read("company_c_pre7")
    assert (found.projects, found.promotions) == (before.projects, before.promotions)
    assert len(found.projects) == 12
    assert found.tables == before.tables
    assert {one.table for one in found.problems} == {one.table for one in before.problems}


def test_a_rate_and_a_level_that_cannot_be_read():
    rate, level = "'EUR',0.95,", r"\"qty\":10,\"source\":3,\"adjType\":2,\"adjValue\":10"
    found = changed(
        (rate, rate.replace("0.95", "'0,95'")), (level, level.replace("10", r"\"ten\"", 1)),
        name="company_a",
    )  # fmt: skip
    assert {one.number: one.rate for one in found.documents if one.currency == "EUR"} == {
        "INV00051": Decimal("0.92"), "INV00092": None,
    }  # fmt: skip
    [gold] = [one for one in found.price_sheets if one.title == "Gold"]
    assert [one.number for one in gold.levels] == [1, 3]
    assert ("common_meta", "159", "price_number") in {
        (one.table, one.row, one.code) for one in found.problems
    }
