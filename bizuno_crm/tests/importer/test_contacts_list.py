"""Bizuno's contact export comes over, and goes back."""

import gzip
import io
import json
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ...logic.bizuno_dump import contact_tags, contacts_csv
from ...models.importer.command import bring_over
from ...models.importer.exchange import COLUMNS_OF
from ...reports.importer import contacts_csv as export_file
from ..common_hypothesis import HealthCheck, given, settings, st
from .test_import import DATA, ImportCommon

REAL = gzip.decompress((DATA / "company_a_contacts.csv.gz").read_bytes())
# What a run notes for itself, and the wizard.
OWN_TABLES = {"bizuno_import", "bizuno_import_choice", "bizuno_import_run", "ir_attachment",
              "bizuno_contact_export", "bus_bus"}  # fmt: skip


def rows_of(data):
    """:return: {Contact ID: {heading: text}} of a list, and its headings"""
    text = data if isinstance(data, str) else data.decode()
    records = [cells for _row, cells, _end in contacts_csv._records(contacts_csv._lines([text]))]
    headings = records[0]
    place = headings.index("ContactContactID")
    return {
        cells[place]: dict(zip(headings, map(contact_tags.unguarded, cells), strict=True))
        for cells in records[1:]
    }, headings


class ListCommon(ImportCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The terms hold the credit limit, which not every administrator may read.
        cls.admin.group_ids += cls.env.ref("account.group_account_readonly")

    @classmethod
    def _import_list(cls, data=REAL, **values):
        return cls._import("company_a_contacts", data, **values)

    @classmethod
    def _all(cls):
        records = cls.env["bizuno.import.record"].sudo()
        records = records.search([("key", "=like", "contacts.%"), ("cells", "!=", False)])
        return cls.env["res.partner"].browse(records.mapped("res_id")).exists()

    @classmethod
    def _export(cls, partners, user=None):
        cls.env.invalidate_all()  # another request
        export = cls.env["bizuno.contact.export"].with_user(user or cls.admin)
        stream = io.BytesIO()
        export_file.write(export.create({"partner_ids": partners.ids}), stream)
        return stream.getvalue()

    @contextmanager
    def _no_writes(self, allowed=()):
        """Nothing is written but what the run notes for itself."""
        with self._written_tables() as tables:
            yield
        self.assertLessEqual(tables, OWN_TABLES | {*allowed})


@tagged("post_install", "-at_install")
class TestContactsList(ListCommon):
    """The list alone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.run_list = cls._import_list()

    def test_contacts_come_as_from_a_dump(self):
        self.assertEqual(
            self.run_list.counts["contacts"], {"read": 86, "created": 82, "skipped": 4}
        )
        partner = self._partner("FL-ALL")
        self.assertEqual(partner.email, "sales.all@example.com")
        self.assertEqual(partner.phone, "(555) 010-0001")
        self.assertEqual((partner.state_id.code, partner.country_id.code), ("ME", "US"))
        self.assertTrue(partner.is_company and partner.marketplace and partner.tax_exempt)
        self.assertEqual(partner.bizuno_terms, "3:2:10:30:20000")
        people = {one.name: one for one in partner.child_ids}
        self.assertEqual(people["Lior Pennyfeather"].function, "Purchaser")
        self.assertEqual(people["Accounts Payable"].email, "ap.all@example.com")
        self.assertEqual(people["Telephone 3"].phone, "555.010.0003")
        self.assertEqual(self._partner("CSV-2").name, 'Comma, "quote" & Co')
        self.assertEqual(self._partner("ST-HOLD").account_status, "hold")
        self.assertEqual(self._partner("UNI-3").name, "架空商事株式会社")
        both = self._partner("BOTH-1")
        self.assertTrue(both.role_customer and both.role_vendor)

    def test_no_secret_of_an_employee_comes_over(self):
        for record in self.env["bizuno.import.record"].sudo().search([]):
            self.assertNotIn("000-00-000", f"{record.given}{record.cells}")
            self.assertNotIn("1201", f"{record.given}{record.cells}")

    def test_problems_name_the_row_of_the_list_and_its_column(self):
        problems = [row[:4] for row in self._problems(self.run_list)]
        self.assertIn(("contacts", "53", "ContactStatus", "X"), problems)

    def test_a_second_run_writes_nothing(self):
        with self._no_writes():
            run = self._import_list()
        self.assertUnchanged(run)

    def test_its_dump_afterwards_is_the_same_contacts(self):
        before = self._partner("FL-ALL")
        kept = self._partner("TERM-T4a")
        kept.newsletter = True
        run = self._import("company_a")
        self.assertEqual(run.counts["contacts"].get("created"), None)
        self.assertEqual(self._partner("FL-ALL"), before)
        self.assertTrue(before.newsletter)
        self.assertTrue(kept.newsletter)
        self.assertIn("<b>text</b>", before.comment)
        xml_id = f"__bizuno__.c{self.env.company.id}_contacts_54"
        self.assertEqual(self.env.ref(xml_id), before)
        self.assertFalse(
            self.env["bizuno.import.record"].sudo().search([("key", "=like", "contacts.list%")])
        )
        with self._no_writes():
            again = self._import("company_a")
        self.assertUnchanged(again)

    def test_the_export_is_bizunos_own_column_by_column(self):
        exported, headings = rows_of(self._export(self._all()))
        bizunos, theirs = rows_of(REAL)
        self.assertEqual(headings, theirs)
        # Logins are chosen among the users of Odoo, and are no contacts.
        logins = {id_ for id_, row in bizunos.items() if row["Contactuser"] == "1"}
        self.assertEqual({*bizunos} - {*exported}, logins)
        self.assertEqual(len(logins), 4)
        self.assertEqual([*exported], sorted(exported, key=str.lower))
        other = {
            (id_, heading)
            for id_, row in exported.items()
            for heading in headings
            if row[heading] != bizunos[id_][heading]
        }
        # A PIN and a social security number do not come over.
        self.assertEqual(
            other,
            {(f"EMP0{number}", f"Contact{tag}") for number in (1, 2, 3)
             for tag in ("AccountNumber", "GovID")},
        )  # fmt: skip

    def test_the_import_of_the_export_changes_nothing(self):
        data = self._export(self._all())
        with self._no_writes():
            run = self._import_list(data)
        self.assertUnchanged(run)

    def test_what_was_changed_here_goes_back_and_only_that(self):
        before, headings = rows_of(self._export(self._all()))
        partner = self._partner("TERM-T3s")
        partner.write({"city": "Newtown", "bizuno_terms": "3:1:5:20:700", "email": False})
        self._partner("ST-ODD").account_status = "hold"
        purchasing = self._partner("FL-ALL").child_ids.filtered(
            lambda one: one.name == "Purchasing"
        )
        purchasing.email = "new@example.com"
        data = self._export(self._all())
        after, _headings = rows_of(data)
        changed = {
            (id_, heading): after[id_][heading]
            for id_ in after
            for heading in headings
            if after[id_][heading] != before[id_][heading] and "Date" not in heading
        }
        self.assertEqual(
            changed,
            {
                ("TERM-T3s", "ContactCity"): "Newtown",
                ("TERM-T3s", "ContactTerms"): "3:1:5:20:700",
                ("TERM-T3s", "ContactEmail"): "",
                ("ST-ODD", "ContactStatus"): "H",
                ("FL-ALL", "ContactEmail3"): "new@example.com",
            },
        )
        self.assertNotEqual(after["TERM-T3s"]["ContactDateLastEntry"], "2026-11-26")
        self.assertEqual(after["TERM-T3s"]["ContactDateCreated"], "2026-11-26")
        with self._no_writes():
            self.assertUnchanged(self._import_list(data))

    def test_what_odoo_says_by_itself_differs_in_these_columns(self):
        """Without what was kept of Bizuno's words: docs/moving-from-bizuno.md lists these."""
        partners = self._all()
        children = partners.child_ids
        self.env["bizuno.import.record"].sudo().search([]).unlink()
        self.assertTrue(children)
        exported, headings = rows_of(self._export(partners))
        bizunos, _headings = rows_of(REAL)
        other = {
            heading.removeprefix("Contact")
            for id_, row in exported.items()
            for heading in headings
            if row[heading] != bizunos[id_][heading]
        }
        self.assertEqual(other, BY_ITSELF)

    def test_a_list_with_a_few_columns_changes_those_alone(self):
        partner = self._partner("FL-ALL")
        before = partner.read(["name", "street", "vat", "bizuno_terms", "marketplace", "email"])
        data = b"ContactID;City\nFL-ALL;Newtown"
        run = self._import_list(data)
        self.assertEqual(run.counts["contacts"]["updated"], 1)
        self.assertEqual(partner.city, "Newtown")
        self.assertEqual(
            partner.read(["name", "street", "vat", "bizuno_terms", "marketplace", "email"]), before
        )
        exported, _headings = rows_of(self._export(partner))
        self.assertEqual(exported["FL-ALL"]["ContactCity"], "Newtown")
        self.assertEqual(exported["FL-ALL"]["ContactPriceSheetID"], "159")

    def test_equal_and_missing_contact_ids_come_and_come_once(self):
        data = b"ContactID,PrimaryName,customer\nTW,One,1\ntw,Two,1\n,Three,1\n,Three,1"
        self._import_list(data)
        named = [("name", "in", ("One", "Two", "Three"))]
        partners = self.env["res.partner"].search(named)
        self.assertEqual(len(partners), 4)
        self.assertEqual(len({*partners.mapped("ref")}), 4)
        with self._no_writes():
            self.assertUnchanged(self._import_list(data))
            self.assertUnchanged(self._import_list(self._export(partners)))

    def test_every_value_of_a_contact_has_its_column(self):
        """A list without the column says nothing of the field."""
        record = (
            self.env["bizuno.import.record"]
            .sudo()
            .search([("res_id", "=", self._partner("FL-ALL").id)])
        )
        for one in record.filtered(lambda record: record.key.count(".") == 1):
            self.assertLessEqual({*one.given}, {*COLUMNS_OF})
        known = {*contact_tags.COLUMNS.values(), *contact_tags.ALSO_READ.values()}
        self.assertLessEqual({name for names in COLUMNS_OF.values() for name in names}, known)


#: The columns that Odoo by itself tells otherwise, see docs/moving-from-bizuno.md.
BY_ITSELF = {
    "project", "Status", "StoreID", "TaxRateID", "DeptRepID", "PriceSheetID", "Terms", "FirstName",
    "LastName", "Title", "PrimaryName", "Contact", "AccountNumber", "GovID", "DefaultGLAccount",
    "DateCreated", "DateLastEntry",
}  # fmt: skip


@tagged("post_install", "-at_install")
class TestListAfterDump(ListCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.run_dump = cls._import("company_a")

    def test_the_list_after_its_dump_changes_nothing(self):
        with self._no_writes():
            run = self._import_list()
        self.assertUnchanged(run)
        self.assertEqual(self._partner("EMOJI-1").name, "Émile's Bakery 🥐🎂")
        self.assertTrue(self._partner("FL-ALL").newsletter)

    def test_the_dump_exported_is_bizunos_own_list(self):
        exported, headings = rows_of(self._export(self._all()))
        bizunos, _headings = rows_of(REAL)
        other = {
            (id_, heading.removeprefix("Contact"))
            for id_, row in exported.items()
            for heading in headings
            if row[heading] != bizunos[id_][heading]
        }
        secret = {(f"EMP0{number}", tag) for number in (1, 2, 3)
                  for tag in contact_tags.SECRET}  # fmt: skip
        # Bizuno's own export cannot write emoji.
        self.assertEqual(other - secret, {("EMOJI-1", "PrimaryName"), ("EMOJI-1", "Contact")})

    def test_a_contact_deleted_here_is_not_made_again(self):
        self._partner("TERM-T6a").unlink()
        run = self._import_list()
        self.assertEqual(run.counts["contacts"]["unchanged"], 81)
        told = [row for row in self._problems(run) if "deleted in Odoo" in row[4]]
        self.assertEqual(len(told), 1)
        row = int(told[0][1])
        self.assertIn("TERM-T6a", REAL.decode().split("\n")[row - 1])

    def test_a_list_that_says_something_else_updates(self):
        data = REAL.decode().replace(",12 Example Street,", ",99 New Street,").encode()
        run = self._import_list(data)
        self.assertEqual(run.counts["contacts"]["updated"], 1)
        self.assertEqual(self._partner("TERM-T4a").street, "99 New Street")
        with self._no_writes():
            self.assertUnchanged(self._import_list(data))


@tagged("post_install", "-at_install")
class TestListOfOdoo(ListCommon):
    """Contacts that have never been in Bizuno."""

    def test_they_are_exported_and_their_import_changes_nothing(self):
        made = self.env["res.partner"].create(
            [
                {
                    "name": "=HYPERLINK(1)", "ref": "OD-1", "is_company": True,
                    "role_customer": True,
                    "phone": "+1 555 010", "street": 'Unit 5, "The Yard"', "newsletter": True,
                    "bizuno_terms": "3:2:10:30:500", "country_id": self.env.ref("base.de").id,
                    "child_ids": [(0, 0, {"name": "Purchasing", "email": "buy@example.com"})],
                },
                {"name": "Ann Mary Lee", "city": "🥐", "ref": "OD-2", "role_vendor": True,
                 "comment": "Mine"},
            ]
        )  # fmt: skip
        data = self._export(made | made.child_ids)
        self.assertIn(b"'=HYPERLINK(1)", data)
        self.assertIn(b"'+1 555 010", data)
        rows, _headings = rows_of(data)
        self.assertEqual([*rows], ["OD-1", "OD-2"])
        self.assertEqual(rows["OD-1"]["ContactCountryISO3"], "DEU")
        self.assertEqual(rows["OD-1"]["ContactTerms"], "3:2:10:30:500")
        self.assertEqual(rows["OD-1"]["ContactEmail3"], "buy@example.com")
        self.assertEqual(rows["OD-2"]["ContactFirstName"], "Ann Mary")
        self.assertEqual(rows["OD-2"]["ContactLastName"], "Lee")
        with self._no_writes({"bizuno_import_record", "ir_model_data"}):
            run = self._import_list(data)
            self.assertUnchanged(run)
        self.assertFalse([row for row in self._problems(run) if row[0] == "contacts"])
        self.assertTrue(made[0].newsletter)
        self.assertIn("Mine", made[1].comment)

    def test_queries_do_not_grow_with_the_contacts(self):
        made = self.env["res.partner"].create(
            [{"name": f"Firm {number}", "role_customer": True} for number in range(40)]
        )
        self._export(made)
        counts = []
        for some in (made[:5], made):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._export(some)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)

    def test_who_may_not_export_is_told(self):
        exports = self.env["bizuno.contact.export"]
        export = exports.with_user(self.admin).create({"partner_ids": self.customer.ids})
        for name in ("rep", "bookkeeper", "bizuno_manager"):
            with self.assertRaises(AccessError):
                exports.with_user(self.users[name]).create({"partner_ids": self.customer.ids})
            with self.assertRaisesRegex(AccessError, "users with the right to export"):
                export.with_user(self.users[name])._check_allowed()
        employee = self.users["employee"]
        employee.group_ids += self.env.ref("base.group_allow_export")
        with self.assertRaisesRegex(AccessError, "which you may not see"):
            exports.with_user(employee).create({"partner_ids": []}).action_download()
        with self.assertRaisesRegex(UserError, "no contact to export"):
            exports.with_user(self.admin).create({"partner_ids": ["x", 0]}).action_download()


@tagged("post_install", "-at_install")
class TestBadLists(ListCommon):
    def test_a_bad_list_gets_its_sentence_and_changes_nothing(self):
        before = self.env["res.partner"].search_count([])
        head = b"ContactContactID,ContactPrimaryName\n"
        for data, words in (
            (head + b"A,One\nB", "in the middle of row 3"),
            (head + b'A,"One', "in the middle of row 2"),
            (head + b'A,"' + b"x" * (2 << 20), "Row 2 does not end"),
            (b"ContactCity,ContactEmail\nA,B", "without the column ContactContactID"),
            (b"name,email\nA,B", "without the column ContactContactID"),
            (b"ContactID," + b"x," * 9999 + b"\n", "10001 columns"),
            (head + b"A,\0", "is not text"),
        ):
            with self.assertRaisesRegex(UserError, words):
                self._wizard(data=data)
        self.assertEqual(self.env["res.partner"].search_count([]), before)

    def test_lists_cut_and_mutated_give_sentences_and_nothing_half_done(self):
        rows = REAL.decode().split("\n")
        some = [
            rows[0],
            *(row for row in rows if row.split(",")[8] in ("FL-ALL", "CSV-2", "EMP04")),
        ]
        real = "\n".join(some).encode()
        noise = st.sampled_from(
            (b"=HYPERLINK(1)", b'"', b'""', b"\n", b"\r\n", "🥐".encode(), b"\0", b"\xff", b";",
             b",", b"9:9", b"2026-02-31", b"\xe2\x80\xae", b"'", b"\\")
        )  # fmt: skip
        changes = st.lists(st.tuples(st.integers(0, len(real)), noise), max_size=12)

        @given(changes, st.integers(0, len(real)))
        @settings(max_examples=25, deadline=None, database=None,
                  suppress_health_check=[*HealthCheck])  # fmt: skip
        def mutated(changes, end):
            data = real
            for at, new in changes:
                data = data[:at] + new + data[at:]
            data = data[: len(data) - end // 8]
            found = self.env["res.partner"].with_context(active_test=False)
            before = found.search_count([])
            savepoint = self.env.cr.savepoint()
            try:
                run = self._import_list(data)
                made = found.search_count([("parent_id", "=", False)])
                people = found.search_count([("parent_id", "!=", False)])
                told = self.env["bizuno.import.record"].sudo().search([("run_id", "=", run.id)])
                self.assertEqual(made + people - before, len(told.filtered("was_created")))
                json.dumps(run.counts)
            except UserError as error:
                self.assertTrue(str(error).strip())
                self.assertEqual(found.search_count([]), before)
            finally:
                savepoint.close(rollback=True)
                self.env.invalidate_all()
                self.env.registry.clear_all_caches()

        mutated()

    def test_the_command_takes_a_list(self):
        with TemporaryDirectory() as folder:
            path = Path(folder) / "contacts.csv"
            path.write_bytes(REAL)
            options = SimpleNamespace(
                company=self.env.company.id, path=path, map=None, dry_run=False, report=None,
                overwrite=False,
            )  # fmt: skip
            out = io.StringIO()
            # Each step is a transaction.
            with self.enter_registry_test_mode(), self.registry.cursor() as cr:
                env = self.env(cr=cr, user=self.admin.id)
                self.assertEqual(bring_over(env, options, out), 0)
        self.assertRegex(out.getvalue(), r"contacts: read 86\b.*\bcreated 82\b")


@tagged("post_install", "-at_install")
class TestExportByHttp(ListCommon, HttpCase):
    def test_the_file_and_who_gets_none(self):
        self.env["res.partner"].create(
            {"name": "Größe, Ltd", "ref": "HTTP-1", "role_customer": True}
        )
        partner = self._partner("HTTP-1")
        exports = self.env["bizuno.contact.export"]
        export = exports.with_user(self.admin).create({"partner_ids": partner.ids})
        url = export.action_download()["url"]
        self.authenticate("import_admin", "import_admin")
        answer = self.url_open(url)
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(answer.headers["Content-Type"], "text/csv; charset=utf-8")
        self.assertIn("Contacts.csv", answer.headers["Content-Disposition"])
        rows, headings = rows_of(answer.content)
        self.assertEqual(headings, list(contact_tags.HEADINGS))
        self.assertEqual(rows["HTTP-1"]["ContactPrimaryName"], "Größe, Ltd")
        self.assertEqual(self.url_open(url.replace(str(export.id), "99999999")).status_code, 404)
        for name in ("bookkeeper", "rep"):
            self.authenticate(f"bizuno_{name}", f"bizuno_{name}")
            with mute_logger("odoo.http"):
                answer = self.url_open(url)
            self.assertEqual(answer.status_code, 403)
            self.assertIn("users with the right to export", answer.text)
            self.assertNotIn("HTTP-1", answer.text)
        # Who may export gets none that somebody else has asked for.
        self.users["bookkeeper"].group_ids += self.env.ref("base.group_allow_export")
        self.authenticate("bizuno_bookkeeper", "bizuno_bookkeeper")
        with mute_logger("odoo.http"):
            answer = self.url_open(url)
        self.assertEqual(answer.status_code, 403)
        self.assertNotIn("HTTP-1", answer.text)
        mine = exports.with_user(self.users["bookkeeper"]).create({"partner_ids": partner.ids})
        self.assertEqual(self.url_open(mine.action_download()["url"]).status_code, 200)
        self.authenticate(None, None)
        answer = self.url_open(url, allow_redirects=False)
        self.assertEqual(answer.status_code, 303)
