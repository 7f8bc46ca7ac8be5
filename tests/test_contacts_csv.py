"""Bizuno's contact export is read as its dump is, whatever has become of it on the way."""

import csv
import gzip
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from odoo.addons.bizuno_crm.logic.bizuno_dump import (
    company,
    contact_tags,
    contacts_csv,
    problems,
    source,
)

DATA = Path(__file__).resolve().parents[1] / "bizuno_crm/tests/importer/data"
REAL = gzip.decompress((DATA / "company_a_contacts.csv.gz").read_bytes())
HEAD = "ContactContactID,ContactPrimaryName,ContactStatus,Contactcustomer\n"
FIELDS = ("roles", "status", "terms", "rep", "store", "tax_exempt", "marketplace", "gov_id",
          "account_number", "gl_account", "price_sheet", "first_date")  # fmt: skip


def opener(data):
    data = data if isinstance(data, bytes) else data.encode()
    return lambda: io.BytesIO(data)


def read(data):
    return contacts_csv.read(opener(data))


def names(found):
    return {one.contact_id: one.name for one in found.contacts.values()}


@pytest.fixture(scope="module")
def dump():
    return company.read(lambda: (DATA / "company_a.sql.gz").open("rb"))


def test_the_real_export_says_what_its_dump_says(dump):
    found = read(REAL)
    theirs = {one.contact_id: one for one in dump.contacts.values()}
    assert len(found.contacts) == 86
    assert [one.contact_id for one in found.contacts.values()] == sorted(theirs, key=str.lower)
    other = []
    for one in found.contacts.values():
        same = theirs[one.contact_id]
        for name in FIELDS:
            assert getattr(one, name) == getattr(same, name), (one.contact_id, name)
        for tag in contact_tags.COLUMNS:
            if one.cells.get(tag) != same.cells.get(tag):
                other.append((one.contact_id, tag))
                assert contact_tags.is_same(same.cells[tag], one.cells[tag])
    assert other == [("EMOJI-1", "PrimaryName"), ("EMOJI-1", "Contact")]
    assert names(found)["CSV-2"] == 'Comma, "quote" & Co'
    assert names(found)["CSV-1"] == '"Leading" quote store'
    assert {one.field for one in found.problems} == {"ContactStatus", "ContactPrimaryName"}
    rows = {one.row: one.value for one in found.problems}
    assert rows["53"] == "X"
    assert REAL.decode().split("\n")[52].split(",")[8] == "ST-ODD"


def test_no_secret_of_an_employee_is_kept():
    found = read(REAL)
    for one in found.contacts.values():
        if "employee" in one.roles:
            assert not {"AccountNumber", "GovID"} & {*one.cells}
            assert not one.gov_id


def shuffled(text, separator=",", line_end="\n", quoting=csv.QUOTE_MINIMAL, prefix=True):
    """The real export as another program writes it, with the columns in another order."""
    rows = [
        cells for _row, cells, _ended in contacts_csv._records(contacts_csv._lines([text]))
    ]  # fmt: skip
    order = sorted(range(len(rows[0])), key=lambda place: rows[0][place][::-1])
    file = io.StringIO()
    writer = csv.writer(file, delimiter=separator, lineterminator=line_end, quoting=quoting)
    for number, row in enumerate(rows):
        cells = [row[place] for place in order]
        if not number and not prefix:
            cells = [cell.removeprefix("Contact") or "Contact" for cell in cells]
        writer.writerow(cells)
    return file.getvalue()


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_other_programs_and_another_order_of_columns(separator, line_end):
    quoting = csv.QUOTE_ALL if line_end == "\r" else csv.QUOTE_MINIMAL
    text = shuffled(REAL.decode(), separator, line_end, quoting, prefix=separator != "|")
    assert read(text).contacts == read(REAL).contacts
    assert contacts_csv.is_list(opener(text))


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf" + REAL,
        gzip.compress(REAL),
        REAL + b"\n\n",
        b"sep=,\r\n" + REAL,
        b"\n" + REAL,
    ],
)
def test_the_same_list_otherwise_packed(data):
    assert contacts_csv.is_list(opener(data))
    assert read(data).contacts == read(REAL).contacts


def test_windows_letters():
    text = HEAD + "A,Größe & Müßig þ €,0,1\nB,Café,0,1"
    assert names(read(text.encode("cp1252"))) == {"A": "Größe & Müßig þ €", "B": "Café"}
    assert names(read(text)) == {"A": "Größe & Müßig þ €", "B": "Café"}


def test_a_text_that_was_cut_inside_of_a_letter_is_told():
    found = read(HEAD.encode() + "A,Größe,0,1\nB,Müßig".encode()[:-3] + b",0,1")
    assert names(found)["A"] == "Größe"
    assert found.problems == [
        problems.Problem("contacts", "3", "ContactPrimaryName", "M\xfc\ufffd"[:3], "not_decoded")
    ]


def test_the_row_is_counted_as_a_spreadsheet_does_and_breaks_stay_in_their_cell():
    found = read(HEAD + 'A,"Two\r\nlines, ""x""",0,1\n\nB,Next,Q,1')
    assert names(found)["A"] == 'Two\nlines, "x"'
    assert found.problems == [problems.Problem("contacts", "4", "ContactStatus", "Q",
                                               "status_unknown")]  # fmt: skip


def test_formulas_and_emoji_are_text():
    found = read(HEAD + 'A,=HYPERLINK(1),0,1\nB,"\'=1+1, 🥐",0,1')
    assert names(found) == {"A": "=HYPERLINK(1)", "B": "=1+1, 🥐"}


def test_zeros_far_behind_the_beginning_are_left_out_of_a_cell():
    rows = [f"A{number},Name,0,1" for number in range(source.HEAD // 10)]
    found = read(HEAD + "\n".join([*rows, "B,a\0b,0,1"]))
    assert names(found)["B"] == "ab"


def test_equal_and_missing_contact_ids():
    found = read(HEAD + "A,One,0,1\na ,Two,0,1\n,Three,0,1\n,Three,0,1")
    assert [(one.row, one.code) for one in found.problems] == [
        ("3", "contact_id_twice"), ("4", "no_contact_id"), ("5", "no_contact_id"),
    ]  # fmt: skip
    assert len(found.contacts) == 4


def test_a_row_of_another_length_is_left_out_and_told():
    found = read(HEAD + "A,One,0,1\nB,Two\nC,Three,0,1,more\nD,Four,0,1,,\nE,Five,0,1")
    assert [*names(found)] == ["A", "D", "E"]
    assert [(one.row, one.value, one.code) for one in found.problems] == [
        ("3", "2", "row_length"), ("4", "5", "row_length"),
    ]  # fmt: skip


def test_blank_columns_at_the_end_may_be_missing():
    """Excel leaves separators out behind the last cell with something in it."""
    rows = REAL.decode().split("\n")
    text = "\n".join([rows[0], *(row.removesuffix(",,") for row in rows[1:]), ""])
    assert read(text).contacts == read(REAL).contacts


@pytest.mark.parametrize(
    ("data", "code", "facts"),
    [
        (b"", "empty", {}),
        (b" \n", "empty", {}),
        ("ContactID,City".encode("utf-16"), "charset", {"charset": "UTF-16"}),
        (b"PK\x03\x04", "zip", {}),
        (HEAD.encode() + b"A,a\0b,0,1", "binary", {}),
        (b"ContactCity,ContactEmail\nA,B", "csv_columns", {"column": "ContactContactID"}),
        (b"name,email,phone\nA,B,C", "csv_columns", {"column": "ContactContactID"}),
        (HEAD.encode() + b"A,One,0,1\nB,Tw", "csv_truncated", {"row": 3}),
        (HEAD.encode() + b'A,"One,0,1\nB,Two,0,1', "csv_truncated", {"row": 2}),
        (HEAD.encode() + b'A,"' + b"x" * (2 << 20), "csv_row_too_long", {"row": 2}),
        (HEAD.encode() + b'A,"' + b"x\n" * (1 << 20), "csv_row_too_long", {"row": 2}),
        (
            ",".join(["ContactContactID", *(f"c{number}" for number in range(9999))]).encode(),
            "csv_too_many_columns",
            {"count": 10000},
        ),
    ],
)  # fmt: skip
def test_a_bad_file_is_refused_with_its_reason(data, code, facts):
    with pytest.raises(problems.FileError) as error:
        contacts_csv.is_list(opener(data)) and read(data)
    assert (error.value.code, error.value.facts) == (code, facts)
    assert code in problems.FILE_CODES


def test_a_packed_list_that_fills_the_memory_is_refused():
    with pytest.raises(problems.FileError) as error:
        read(gzip.compress(HEAD.encode() + b"A,B,0,1\n" * (9 << 20)))
    assert error.value.code == "bomb"


def test_more_rows_than_anybody_has_contacts(monkeypatch):
    monkeypatch.setattr(contacts_csv, "MAX_ROWS", 3)
    assert len(read(HEAD + "A,B,0,1\n" * 3).contacts) == 3
    with pytest.raises(problems.FileError) as error:
        read(HEAD + "A,B,0,1\n" * 4)
    assert error.value.code == "csv_too_many_rows"


def test_a_dump_is_no_list():
    for name in ("company_a", "company_c_pre7", "company_c_migrated"):
        data = (DATA / f"{name}.sql.gz").read_bytes()
        assert not contacts_csv.is_list(opener(data))
        assert not contacts_csv.is_list(opener(gzip.decompress(data)))


def try_to_read(data):
    """Everything is either read or refused with a reason."""
    try:
        found = read(data)
    except problems.FileError as error:
        assert error.code in problems.FILE_CODES
        return None
    assert all(isinstance(one, problems.Problem) for one in found.problems)
    return found


@given(st.integers(1, len(REAL) - 1))
@settings(max_examples=60)
def test_a_list_cut_anywhere_is_refused_or_ends_between_two_rows(end):
    if found := try_to_read(REAL[:end]):
        whole = read(REAL)
        for id_, one in found.contacts.items():
            assert whole.contacts[id_] == one


@given(
    st.lists(st.tuples(st.integers(0, len(REAL) - 1), st.binary(max_size=3)), max_size=40),
)
@settings(max_examples=60)
def test_a_list_with_bytes_exchanged_is_read_or_refused(changes):
    data = bytearray(REAL)
    for at, new in changes:
        data[at : at + len(new)] = new
    try_to_read(bytes(data))


CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=12)


@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=5))
@settings(max_examples=200)
def test_what_is_written_is_read_as_it_was(rows):
    text = "ContactContactID,ContactPrimaryName,ContactContact\n" + "\n".join(
        contact_tags.line(["id", *row[1:]]) for row in rows
    )
    found = contacts_csv._records(contacts_csv._lines([text]))
    cells = [[contact_tags.unguarded(cell) for cell in row] for _number, row, _ended in found]
    assert cells[1:] == [["id", *row[1:]] for row in rows]


def test_pieces_do_not_matter(monkeypatch):
    whole = read(REAL)
    monkeypatch.setattr(source, "PIECE", 7)
    monkeypatch.setattr(source.blocks, "__defaults__", (7,))
    assert read(gzip.compress(REAL)).contacts == whole.contacts
