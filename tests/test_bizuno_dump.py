"""The stream parser of dumps, with dumps of the real Bizuno and everything that can be wrong."""

import gzip
import io
import json
import zlib
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from odoo.addons.bizuno_crm.logic.bizuno_dump import company, problems, source, sql

DATA = Path(__file__).resolve().parents[1] / "bizuno_crm/tests/importer/data"
NAMES = ("company_a", "company_c_pre7", "company_c_migrated")
TABLE = "CREATE TABLE `t` (`id` int, `n` text, `m` text);\n"


def expected(name):
    return json.loads((DATA / f"{name}_expected.json").read_text())


def parse(text, size=source.PIECE, tables=("t",)):
    data = text if isinstance(text, bytes) else text.encode()
    dump = sql.Dump(source.pieces(io.BytesIO(data), size))
    rows = [row for batch in dump.read(tables) for row in batch.rows]
    return rows, dump


def rows(text, **kwargs):
    return parse(TABLE + text, **kwargs)[0]


@pytest.mark.parametrize("name", NAMES)
def test_every_row_of_the_real_dumps_is_read(name):
    prefix = "" if name == "company_a" else "wp_bizuno_"
    counts = {
        prefix + table.removeprefix(prefix): count
        for table, count in expected(name)["rows_per_table"].items()
    }
    packed = (DATA / f"{name}.sql.gz").read_bytes()
    for data in (packed, gzip.decompress(packed)):
        dump = sql.Dump(source.pieces(io.BytesIO(data)))
        read = dict.fromkeys(counts, 0)
        for batch in dump.read(counts):
            read[batch.table] += len(batch.rows)
            assert all(len(row) == len(batch.columns) for row in batch.rows)
        assert read == counts
        assert dump.counts == {table: count for table, count in counts.items() if count}
        assert dump.problems == []


def test_rows_do_not_depend_on_where_the_text_is_cut_into_pieces(monkeypatch):
    data = gzip.decompress((DATA / "company_a.sql.gz").read_bytes())
    begin, end = (
        data.index(b"CREATE TABLE `contacts_meta`"),
        data.index(b"CREATE TABLE `inventory`"),
    )
    whole = parse(data[begin:end], tables=("contacts_meta",))[0]
    assert len(whole) == 77
    monkeypatch.setattr(source, "HEAD", 7)
    monkeypatch.setattr(sql, "_FIRST_WINDOW", 5)
    for size in (1, 2, 3, 13, 1000):
        assert parse(data[begin:end], size=size, tables=("contacts_meta",))[0] == whole


@pytest.mark.parametrize(
    ("values", "row"),
    [
        ("(1,'it''s','')", ["1", "it's", ""]),
        (r"(1,'it\'s','a\\')", ["1", "it's", "a\\"]),
        (r"(1,'a\nb\tc\Zd\0e','\%\_\q')", ["1", "a\nb\tc\x1ad\0e", r"\%\_q"]),
        (r"(1,'\\n','\\\\\'')", ["1", r"\n", "\\\\'"]),
        (r"(1,'\u0041','\f')", ["1", "u0041", "f"]),
        (r"(1,'{\"a\": \"\\u00dc\"}','\"')", ["1", r'{"a": "\u00dc"}', '"']),
        ("(1,NULL,null)", ["1", None, None]),
        ("(-1.50,'NULL','null')", ["-1.50", "NULL", "null"]),
        ("(1e-05,.5,+3)", ["1e-05", ".5", "+3"]),
        ("(0x31,x'C3A9',X'4142')", ["1", "é", "AB"]),
        ("(b'101',0b11,_binary 'x')", ["5", "3", "x"]),
        ("(TRUE,false,DEFAULT)", ["1", "0", None]),
        ('(1,"double ""quoted"" \'s","")', ["1", 'double "quoted" \'s', ""]),
        ("(1,'a' 'b',N'c')", ["1", "ab", "c"]),
        ("(1,'a),(2;','b\n;\n--')", ["1", "a),(2;", "b\n;\n--"]),
        ("( 1 , /* ' */ 'a' , -- '\n 'b' )", ["1", "a", "b"]),
        (
            "(1,'# no comment','-- nor this /* or this')",
            ["1", "# no comment", "-- nor this /* or this"],
        ),
        ("(1,'é🥐','架空')", ["1", "é🥐", "架空"]),
        (" ( 01 ,\n\t'x' , 'y' ) ", ["01", "x", "y"]),
        ("(1,'[1]','(null)')", ["1", "[1]", "(null)"]),
    ],
)
def test_literals(values, row):
    text = f"INSERT INTO `t` VALUES {values},(2,'next',NULL),{values};"
    assert rows(text) == [row, ["2", "next", None], row]
    # Skipped by the same rules: what follows is found.
    other = TABLE.replace("`t`", "`skipped`") + text.replace("`t`", "`skipped`")
    assert parse(other + TABLE + "INSERT INTO t VALUES (7,'a','b');")[0] == [["7", "a", "b"]]


@pytest.mark.parametrize(
    "text",
    [
        "insert into t (m, `id`) values ('a', 1);",
        "INSERT IGNORE INTO `db`.`t` (`m`,`id`) VALUES ('a',1);",
        "REPLACE INTO t(m,id) VALUE ('a',1);",
        "/*!40000 INSERT INTO `t` (`m`,`id`) VALUES ('a',1) */;",
        "# it's a comment\n-- it's another;\n/* it's ; one */ INSERT t (m,id) VALUES ('a',1)  ;",
        "SELECT 'a;b', \"c;'\", `d;` FROM x; INSERT INTO t (m,id) VALUES ('a',1);",
        "DELIMITER ;;\nCREATE TRIGGER x BEGIN SET @a='INSERT INTO t VALUES (1)'; END ;;\n"
        "DELIMITER ;\n"
        "INSERT INTO t (m,id) VALUES ('a',1);",
        "LOCK TABLES `t` WRITE; INSERT INTO t (m,id) VALUES ('a',1); UNLOCK TABLES;",
    ],
)
def test_statements_and_any_order_of_columns(text):
    found, dump = parse(TABLE + text)
    assert found == [["a", "1"]]
    assert dump.problems == []


def test_columns_of_a_table_with_everything():
    text = (
        "CREATE TABLE IF NOT EXISTS `t` (`id` int(11) NOT NULL COMMENT 'a,b) (it''s',\n"
        "-- `no` int,\n `k``ey` enum('a,','b)') DEFAULT 'x', price decimal(10,2),\n"
        "PRIMARY KEY (`id`,`k``ey`), KEY x (price), CONSTRAINT `c` CHECK (price > 0)) ENGINE=X;"
    )
    assert parse(text)[1].columns == {"t": ("id", "k`ey", "price")}


@pytest.mark.parametrize(
    ("text", "code", "row", "value"),
    [
        ("INSERT INTO t VALUES (1,2,3),(4,5),(6,7,8);", "row_length", "#2", "2"),
        ("INSERT INTO t VALUES (1,2,3),(4,NOW,5),(6,7,8);", "row_unreadable", "#2", "NOW"),
        ("INSERT INTO t SELECT 1;", "insert_unknown", "#1", ""),
        ("INSERT INTO t SET id=1;", "insert_unknown", "#1", ""),
    ],
)
def test_a_row_that_cannot_be_read_is_told_and_the_others_are(text, code, row, value):
    found, dump = parse(TABLE + text)
    assert found == ([["1", "2", "3"], ["6", "7", "8"]] if value else [])
    assert dump.problems == [problems.Problem("t", row, "", value, code)]


def test_text_that_is_not_utf8_is_told_with_its_row():
    found, dump = parse(
        (TABLE + "INSERT INTO t VALUES (7,'a~b','c'),(8,'é','d');").encode().replace(b"~", b"\xe9")
    )
    assert found == [["7", "a\ufffdb", "c"], ["8", "é", "d"]]
    assert dump.problems == [problems.Problem("t", "7", "", "a\ufffdb", "not_decoded")]


def test_latin1_is_read_where_the_dump_says_so():
    text = "/*!40101 SET NAMES latin1 */;" + TABLE + "INSERT INTO t VALUES (1,'Größe €',NULL);"
    assert parse(text.encode("cp1252"))[0] == [["1", "Größe €", None]]


def test_a_byte_order_mark_is_no_part_of_the_text():
    text = TABLE + "INSERT INTO t VALUES (1,'a','b');"
    assert parse(b"\xef\xbb\xbf" + text.encode())[0] == [["1", "a", "b"]]


def bomb():
    pack = zlib.compressobj(9, wbits=31)
    return pack.compress(b"(" * (200 << 20)) + pack.flush()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (lambda: b"", "empty"),
        (lambda: b" \n ", "empty"),
        (lambda: gzip.compress(b""), "empty"),
        (lambda: b"\x1f\x8bnothing", "gzip"),
        (lambda: gzip.compress(b"INSERT" * 999)[:40], "truncated"),
        (lambda: gzip.compress(b"SELECT 1;") + b"tail", "gzip"),
        (lambda: b"PK\x03\x04zip", "zip"),
        (lambda: "SELECT 1".encode("utf-16"), "charset"),
        (lambda: b"/*!40101 SET NAMES gbk */;", "charset"),
        (lambda: b"\x00\x01\x02\x03", "binary"),
        (bomb, "bomb"),
        (lambda: TABLE.encode() + b"INSERT INTO t VALUES (1,'a','b'),(2,'c", "truncated"),
        (lambda: TABLE.encode() + b"INSERT INTO t VALUES (1,'a','b')", "truncated"),
        (lambda: TABLE.encode()[:-20], "truncated"),
        (lambda: b"-- MySQL dump 10.13\n" + TABLE.encode(), "truncated"),
        (lambda: TABLE.encode() + b"INSERT INTO t VALUES (1,'" + b"a" * (17 << 20), "row_too_long"),
        (
            lambda: b"CREATE TABLE t (" + b",".join(b"c%d int" % n for n in range(10000)) + b");",
            "too_many_columns",
        ),
    ],
)  # fmt: skip
def test_a_bad_file_is_refused_with_its_reason(data, code):
    with pytest.raises(problems.FileError) as error:
        parse(data())
    assert error.value.code == code
    assert code in problems.FILE_CODES


def test_a_cut_names_the_table_and_the_row():
    with pytest.raises(problems.FileError) as error:
        parse(TABLE + "INSERT INTO t VALUES (1,'a','b'),(2,'c','d'),(3,'")
    assert error.value.facts == {"table": "t", "row": 2}


def test_a_dump_of_another_program_is_refused_and_beside_a_company_skipped():
    wordpress = "CREATE TABLE `wp_posts` (`ID` int);CREATE TABLE `wp_contacts` (`id` int);"
    with pytest.raises(problems.FileError) as error:
        company.read(lambda: io.BytesIO(wordpress.encode()))
    assert error.value.code == "no_bizuno"
    one = (DATA / "company_c_pre7.sql.gz").read_bytes()
    both = gzip.compress(wordpress.encode()) + one
    assert len(company.read(lambda: io.BytesIO(both)).contacts) == 40


def test_two_companies_in_one_file_are_told_apart_by_their_prefix():
    both = (DATA / "company_a.sql.gz").read_bytes() + (DATA / "company_c_pre7.sql.gz").read_bytes()
    with pytest.raises(problems.FileError) as error:
        company.read(lambda: io.BytesIO(both))
    assert error.value.code == "several_companies"
    assert len(company.read(lambda: io.BytesIO(both), prefix="").contacts) == 86


PRE7 = gzip.decompress((DATA / "company_c_pre7.sql.gz").read_bytes())
# Without its comments a dump does not say where it ends, so that a cut is met by the parser.
START = PRE7.index(b"DROP TABLE")


def try_to_read(data):
    """Everything is either read or refused with a reason."""
    try:
        found = company.read(lambda: io.BytesIO(data))
    except problems.FileError as error:
        assert error.code in problems.FILE_CODES
        return None
    assert all(isinstance(one, problems.Problem) for one in found.problems)
    return found


@given(st.integers(0, len(PRE7) - START - 200))
@settings(max_examples=25)
def test_a_dump_cut_anywhere_is_refused_or_ends_between_two_statements(end):
    cut = PRE7[START:][:end]
    if found := try_to_read(cut):
        assert len(found.contacts) in (0, 40)


@given(st.lists(st.tuples(st.integers(0, len(PRE7) - 1), st.binary(max_size=3)), max_size=40))
@settings(max_examples=25)
def test_a_dump_with_bytes_exchanged_is_read_or_refused(changes):
    data = bytearray(PRE7[START:])
    for at, new in changes:
        data[at : at + len(new)] = new
    try_to_read(bytes(data))


@given(st.data())
@settings(max_examples=50)
def test_whatever_stands_in_a_string_is_read_as_it_was(data):
    texts = data.draw(
        st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0")), max_size=6)
    )
    escaped = (
        text.replace("\\", "\\\\").replace("'", data.draw(st.sampled_from(("\\'", "''"))))
        for text in texts
    )
    values = ",".join(f"(1,'{text}',NULL)" for text in escaped) or "(1,'',NULL)"
    assert rows(f"INSERT INTO t VALUES {values};") == [["1", text, None] for text in texts or [""]]


def _with_lines(*lines):
    """Company A with more lines in its journal.

    :param lines: (document that the line is in, what it pays, kind, debit, credit)
    """
    data = gzip.decompress((DATA / "company_a.sql.gz").read_bytes()).decode()
    first = "(257,75,40,'pmt',"
    assert data.count(first) == 1
    more = "".join(
        f"({9000 + number},{ref},{paid},'{kind}',0,'0',1,NULL,1,'More',{debit},{credit},0,"
        f"'1100-00','0','','2026-11-20','2026-11-20 00:00:00'),\n"
        for number, (ref, paid, kind, debit, credit) in enumerate(lines)
    )
    data = data.replace(first, more + first)
    return company.read(lambda: io.BytesIO(data.encode()))


def test_what_is_open_is_counted_to_the_cent_whatever_was_paid():
    before = {one.id: one for one in _with_lines().documents}
    credit = next(one for one in before.values() if one.journal == "13")
    fully = next(one for one in before.values() if one.number == "INV00066")
    found = {
        one.id: one
        for one in _with_lines(
            # 81.863157894737 in three thirds: each rounded alone, they were a cent more
            (75, 136, "pmt", 0, "27.287719298246"),
            (76, 136, "pmt", 0, "27.287719298246"),
            (77, 136, "pmt", 0, "27.287719298245"),
            # a discount for early payment is within what was paid
            (77, 66, "pmt", 0, 200),
            (77, 66, "dsc", 4, 0),
            # a part of a credit is used up in the receipt of an invoice
            (78, credit.id, "pmt", 0, -5.5),
            # paid twice
            (81, fully.id, "pmt", 0, 421.94),
            (81, fully.id, "pmt", 0, 421.94),
            # paid in advance, and a line of nothing
            (75, 0, "pmt", 0, 7000.25),
            (76, 0, "pmt", 0, "0.004"),
        ).documents
    }
    assert found["136"].balance == 0
    assert found["66"].balance == before["66"].balance - 200
    assert found[credit.id].balance == credit.balance + Decimal("5.50")
    assert found[fully.id].balance == -fully.total
    assert (found["75"].balance, found["75"].is_open) == (Decimal("-7000.25"), True)
    assert "76" not in found
    changed = {"136", "66", credit.id, fully.id, "75"}
    assert {key: one for key, one in found.items() if key not in changed} == {
        key: one for key, one in before.items() if key not in changed
    }
