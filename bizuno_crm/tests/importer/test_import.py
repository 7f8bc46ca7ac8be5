"""A company is moved over from the dumps of the real Bizuno."""

import base64
import gzip
import io
import json
import re
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import openpyxl
from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, new_test_user, tagged

from ...cli.bizuno_import import BizunoImport
from ...logic import aging
from ...logic.bizuno_dump import company as dumps
from ...logic.bizuno_dump.problems import Problem
from ...messages.importer import problems as texts
from ...models.importer import bizuno_import_run, report
from ...models.importer.command import bring_over
from ..common import BizunoCommon

DATA = Path(__file__).parent / "data"
NAMES = ("company_a", "company_c_pre7", "company_c_migrated")


class ImportCommon(BizunoCommon):
    # Whether an opening account is proposed as it is to people. Without one no document is posted:
    # that is most of a move's time, and of most tests no matter.
    _proposes_account = False

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not cls._proposes_account:
            nothing = cls.env["account.account"]
            cls.startClassPatcher(
                patch.object(bizuno_import_run, "opening_account", lambda company, last: nothing)
            )
        here = {
            "company_id": cls.env.company.id,
            "company_ids": [Command.set(cls.env.company.ids)],
        }
        cls.admin = new_test_user(cls.env, "import_admin", "base.group_system", **here)
        cls.mabel = new_test_user(
            cls.env, "mabel", "sales_team.group_sale_salesman", email="mabel@example.com", **here
        )

    @classmethod
    def _wizard(cls, name="company_a", data=None, user=None):
        form = Form(cls.env["bizuno.import"].with_user(user or cls.admin))
        form.file = base64.b64encode(data or (DATA / f"{name}.sql.gz").read_bytes())
        wizard = form.save()
        wizard.file_name = f"{name}.sql.gz"  # as the page does with the name of the upload
        wizard.action_analyse()
        return wizard

    @classmethod
    def _import(cls, name="company_a", data=None, **values):
        wizard = cls._wizard(name, data)
        wizard.write(values)
        action = wizard.action_run()
        # Whatever is done next is another request, to which the database says what is there.
        cls.env.invalidate_all()
        return cls.env[action["res_model"]].with_user(cls.admin).browse(action["res_id"])

    @contextmanager
    def _written_tables(self):
        """Gives a set, which has the tables that were written to in the end."""
        self.env.flush_all()
        tables, original = set(), type(self.env.cr).execute

        def execute(cr, query, params=None, log_exceptions=True):
            text = str(getattr(query, "code", query))
            if text.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE")):
                tables.add(re.search(r'(?:INTO|UPDATE|FROM)\s+"?(\w+)', text)[1])
            return original(cr, query, params, log_exceptions)

        self.patch(type(self.env.cr), "execute", execute)
        yield tables
        self.env.flush_all()

    def assertUnchanged(self, run):
        for step, count in run.counts.items():
            done = count.get("unchanged", 0) + count.get("skipped", 0)
            self.assertEqual(done, count.get("read", 0), (step, count))

    def _changed(self, name, *changes):
        """The dump with some of its text exchanged."""
        data = gzip.decompress((DATA / f"{name}.sql.gz").read_bytes()).decode()
        for old, new in changes:
            self.assertEqual(data.count(old), 1, old)
            data = data.replace(old, new)
        return data.encode()

    def _partner(self, contact_id):
        partners = self.env["res.partner"].with_context(active_test=False)
        found = partners.search([("ref", "=", contact_id), ("parent_id", "=", False)])
        self.assertEqual(len(found), 1, contact_id)
        return found

    def _problems(self, record):
        """:return: [(table, row, field, value, what, remedy)] of the sheet"""
        book = openpyxl.load_workbook(io.BytesIO(base64.b64decode(record.sheet)))
        return [tuple(cell or "" for cell in row) for row in book.active.values][1:]


@tagged("post_install", "-at_install")
class TestCompanyOf7(ImportCommon):
    """Company A, kept in Bizuno 7.3.8."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.run_a = cls._import("company_a")
        cls.source = dumps.read(lambda: (DATA / "company_a.sql.gz").open("rb"))

    def test_every_contact_but_the_logins_is_here_with_its_roles_and_status(self):
        self.assertEqual(self.run_a.counts["contacts"], {"read": 86, "created": 82, "skipped": 4})
        roles, statuses = Counter(), Counter()
        for one in self.source.contacts.values():
            if one.roles == ("user",):
                continue
            partner = self._partner(one.contact_id)
            self.assertEqual(partner.name, " ".join(one.name.split()))
            self.assertEqual(partner.account_status, one.status)
            self.assertEqual(partner.active, one.status != "inactive")
            for role in ("customer", "vendor", "employee", "branch", "lead"):
                self.assertEqual(partner[f"role_{role}"], role in one.roles, one.contact_id)
                roles[role] += partner[f"role_{role}"]
            statuses[partner.account_status] += 1
        self.assertEqual(
            roles, {"customer": 63, "vendor": 12, "employee": 4, "branch": 2, "lead": 5}
        )
        self.assertEqual(statuses, {"active": 77, "inactive": 3, "locked": 1, "hold": 1})

    def test_a_contact_with_everything(self):
        partner = self._partner("FL-ALL")
        self.assertEqual(partner.user_id, self.mabel)
        self.assertEqual(partner.email, "sales.all@example.com")
        self.assertEqual(partner.phone, "(555) 010-0001")
        self.assertEqual(partner.country_id.code, "US")
        self.assertEqual(partner.state_id.code, "ME")
        self.assertTrue(partner.is_company and partner.newsletter and partner.marketplace)
        self.assertTrue(partner.tax_exempt)
        self.assertEqual(partner.bizuno_terms, "3:2:10:30:20000")
        self.assertEqual(partner.credit_limit, 20000.0)
        self.assertIn("<b>text</b>", partner.comment)
        self.assertEqual(partner.account_number, "OUR-778")
        people = {one.name: one for one in partner.child_ids if one.type == "contact"}
        self.assertEqual(people["Lior Pennyfeather"].function, "Purchaser")
        self.assertEqual(people["Accounts Receivable"].email, "ar.all@example.com")
        self.assertEqual(people["Purchasing"].email, "purch.all@example.com")
        self.assertEqual(people["Accounts Payable"].email, "ap.all@example.com")
        self.assertEqual(people["Telephone 3"].phone, "555.010.0003")
        kinds = {"invoice": "billing", "delivery": "delivery"}
        here = Counter(kinds[one.type] for one in partner.child_ids if one.type in kinds)
        there = Counter(one.kind for one in self.source.addresses if one.contact == "54")
        self.assertEqual(here, Counter({kind: there[kind] for kind in here}))

    def test_names_and_notes_are_what_they_were(self):
        self.assertEqual(self._partner("QUOTE-1").name, 'O\'Brannigan & "Sons" back\\slash')
        self.assertEqual(self._partner("EMOJI-1").name, "Émile's Bakery 🥐🎂")
        self.assertEqual(self._partner("CRLF-1").street, "1 First line second line")
        self.assertEqual(self._partner("HTML-1").name, "Tags & <b>Bold</b> Ltd")
        self.assertIn("12345", self._partner("zero").comment)
        self.assertIn("looks", self._partner("ST-LOCK").comment)

    def test_terms_and_limits(self):
        seen = 0
        for one in self.source.contacts.values():
            # Who has the default terms, see test_import_contacts.py.
            is_own = one.terms.count(":") == 4 and not one.terms.startswith("0")
            if "customer" in one.roles and is_own:
                written = self._partner(one.contact_id).bizuno_terms
                self.assertEqual(
                    [*map(str, written.split(":")[:3])],
                    [part.removesuffix(".0") for part in one.terms.split(":")[:3]],
                )
                seen += 1
        self.assertGreater(seen, 30)
        vendor = self._partner("VEND-2")
        self.assertEqual(vendor.property_supplier_payment_term_id.line_ids.nb_days, 30)

    def test_no_secret_of_an_employee_comes_over(self):
        staff = self._partner("EMP01")
        self.assertEqual((staff.name, staff.function), ("Ottoline Brack", "Q."))
        self.assertFalse(staff.vat)
        self.assertFalse(staff.comment)
        for record in self.env["bizuno.import.record"].sudo().search([]):
            self.assertNotIn("000-00-000", str(record.given))

    def test_calls_keep_their_date_and_author(self):
        entries = self.env["bizuno.contact.log"].search([("company_id", "=", self.env.company.id)])
        self.assertEqual(len(entries), 27)
        actions = Counter(entry.action_id.code for entry in entries)
        self.assertEqual(
            actions,
            {"flw": 5, "inac": 4, "lead": 4, "new": 4, "ret": 4, "trn": 4, "xyz": 1, "bizuno": 1},
        )
        source = {one.id: one for one in self.source.log}
        records = (
            self.env["bizuno.import.record"].sudo().search([("key", "=like", "contacts_log.%")])
        )
        for record in records:
            one, entry = source[record.key.split(".")[1]], entries.browse(record.res_id)
            local = fields.Datetime.context_timestamp(
                entry.with_context(tz="America/New_York"), entry.date
            )
            self.assertEqual(local.replace(tzinfo=None), one.date)
            self.assertEqual(entry.date_entered, entry.date)
            mine = self.mabel if one.author == "2" else self.admin
            self.assertEqual(entry.user_id, mine)
        partner = entries[0].partner_id
        self.assertFalse(partner.message_ids.filtered(lambda m: m.message_type == "comment"))

    def test_projects(self):
        projects = self.env["bizuno.project"].search([("company_id", "=", self.env.company.id)])
        self.assertEqual(len(projects), 34)
        stages = Counter(one.stage_id.code for one in projects)
        self.assertEqual(stages, Counter(one.stage for one in self.source.projects))
        by_number = {one.number: one for one in projects}
        migrated = by_number["PJ00503"]
        self.assertEqual(migrated.market_id.code, "cm")
        self.assertEqual(migrated.partner_id, self._partner("BIGPAY"))
        self.assertIn("Old working notes 3", migrated.notes)
        self.assertFalse(by_number["PJ00002"].user_id)
        self.assertEqual(str(by_number["PJ00002"].reminder_ids.date_next), "2026-12-03")

    def test_reminders_of_known_users_and_promotions(self):
        reminders = self.env["bizuno.reminder"].search(
            [("user_id", "=", self.mabel.id), ("project_id", "=", False)]
        )
        self.assertEqual({*reminders.mapped("recurrence")}, {*"dwbhmqy3z"})
        yearly = reminders.filtered(lambda one: one.recurrence == "y")
        self.assertEqual(str(yearly.date_start), "2026-08-18")
        promos = self.env["bizuno.promo"].search([("company_id", "=", self.env.company.id)])
        self.assertEqual(len(promos), 4)
        told = [row for row in self._problems(self.run_a) if "who this user is" in row[4]]
        # Nine, and five that were due; and each user once.
        left_out = [row for row in told if "reminder was left out" in row[5]]
        self.assertEqual((len(left_out), len(told)), (14, 17))

    def test_source_ids_are_external_ids(self):
        xml_id = f"__bizuno__.c{self.env.company.id}_contacts_54"
        self.assertEqual(self.env.ref(xml_id), self._partner("FL-ALL"))

    def test_a_second_run_writes_nothing(self):
        self.env.flush_all()
        self.env.cr.execute("SELECT MAX(id) FROM bizuno_import_record")
        before = self.env.cr.fetchone()
        with self._written_tables() as tables:
            run = self._import("company_a")
        self.assertLessEqual(
            tables,
            {"bizuno_import", "bizuno_import_choice", "bizuno_import_run", "ir_attachment"},
        )
        self.assertIn("bizuno_import_run", tables)
        self.env.cr.execute("SELECT MAX(id) FROM bizuno_import_record")
        self.assertEqual(self.env.cr.fetchone(), before)
        self.assertUnchanged(run)
        self.assertEqual(run.counts["contacts"]["unchanged"], 82)

    def test_a_newer_dump_updates_and_what_was_changed_here_is_kept(self):
        mine = self._partner("TERM-T4a")
        mine.city = "My City"
        theirs = self._partner("TERM-T5a")
        t4a, t5a = (f",'ME','04101','USA','ap.{one}@example.com',''," for one in ("t4a", "t5a"))
        data = self._changed(
            "company_a",
            (
                f"'12 Example Street','Suite 12','Port Ellery'{t4a}",
                f"'99 New Street','Suite 12','Newtown'{t4a}",
            ),
            (
                f"'14 Example Street','Suite 14','Port Ellery'{t5a}",
                f"'=HYPERLINK(1)','Suite 14','Port Ellery'{t5a}",
            ),
        )
        run = self._import("company_a", data)
        self.assertEqual(run.counts["contacts"]["updated"], 2)
        self.assertEqual(run.counts["contacts"]["unchanged"], 80)
        self.assertEqual((mine.street, mine.city), ("99 New Street", "My City"))
        self.assertEqual(theirs.street, "=HYPERLINK(1)")
        kept = [row for row in self._problems(run) if "both in Bizuno and in Odoo" in row[4]]
        self.assertEqual(kept[0][:4], ("contacts", "22", "city", "Newtown"))
        again = self._import("company_a", data)
        self.assertEqual(again.counts["contacts"]["unchanged"], 82)

    def test_undo_removes_what_nobody_has_used_or_changed(self):
        changed, used = self._partner("TERM-T4a"), self._partner("TERM-T5a")
        changed.name = "Changed"
        self.env["sale.order"].create({"partner_id": used.id})
        gone = self._partner("TERM-T6a")
        made = sum(count.get("created", 0) for count in self.run_a.counts.values())
        # The journals of the open documents are no rows of the file.
        made += self.env["account.journal"].search_count([("code", "in", ("BZS", "BZP", "BZU"))])
        message = self.run_a.action_undo()["params"]["message"]
        self.assertFalse(gone.exists())
        self.assertTrue(changed.exists() and used.exists())
        self.assertEqual(self.run_a.state, "undone")
        self.assertEqual(len(self.run_a.sudo().record_ids), 2)
        self.assertIn(str(made - 2), message)
        with self.assertRaisesRegex(UserError, "cannot be undone"):
            self.run_a.action_undo()

    def test_a_record_deleted_here_is_not_made_again(self):
        self._partner("TERM-T6a").unlink()
        run = self._import("company_a")
        self.assertEqual(run.counts["contacts"]["unchanged"], 81)
        self.assertTrue([row for row in self._problems(run) if "deleted in Odoo" in row[4]])


@tagged("post_install", "-at_install")
class TestOtherLayouts(ImportCommon):
    def test_before_7(self):
        run = self._import("company_c_pre7")
        self.assertEqual(run.counts["contacts"]["created"], 40)
        person = self.env["res.partner"].search([("ref", "=", "CRM-1")])
        self.assertEqual(person.parent_id, self._partner("CUST-01"))
        self.assertEqual((person.name, person.function), ("Oona Frith", "Buyer"))
        self.assertTrue(self._partner("CRM-5").role_lead)
        # Customer and vendor with the same Contact ID: both come.
        customer = self._partner("CUST-00")
        vendor = self.env["res.partner"].search(
            [("name", "=", customer.name), ("id", "!=", customer.id), ("role_vendor", "=", True)]
        )
        self.assertTrue(vendor.ref and vendor.ref != customer.ref)
        self.assertEqual(run.counts["projects"]["created"], 12)
        sent = self.env["bizuno.promo"].with_context(active_test=False).search(
            [("name", "=", "Old spring")]
        )  # fmt: skip
        self.assertFalse(sent.active)

    def test_migrated(self):
        run = self._import("company_c_migrated")
        self.assertEqual(run.counts["contacts"]["created"], 35)
        people = self._partner("CUST-01").child_ids.filtered(lambda one: one.type == "contact")
        self.assertLessEqual({"Oona Frith", "Tam Glen"}, {*people.mapped("name")})
        self.assertEqual(run.counts["projects"]["created"], 12)
        # Their numbers are those of users before the upgrade, and not of contacts.
        [call] = self.env["bizuno.contact.log"].search([("notes", "like", "Old call 9")])
        self.assertEqual(call.user_id, self.env.ref("base.user_admin"))
        owners = self.env["bizuno.project"].search([]).user_id
        self.assertEqual(owners, self.env.ref("base.user_admin"))


@tagged("post_install", "-at_install")
class TestImportWizard(ImportCommon):
    def test_analyse_says_what_is_in_the_file_and_writes_nothing(self):
        before = self.env["res.partner"].search_count([])
        wizard = self._wizard("company_a")
        self.assertEqual(wizard.state, "map")
        self.assertIn("19,688.57", wizard.analysis)
        self.assertIn("5,618.41", wizard.analysis)
        self.assertEqual(self.env["res.partner"].search_count([]), before)
        users = {line.code: line.user_id for line in wizard.user_choice_ids}
        self.assertEqual(len(users), 4)
        self.assertEqual(users["2"], self.mabel)
        self.assertFalse(users["3"])
        # One of them: a rep who is an employee without a login.
        self.assertEqual(len(self._problems(wizard)), 4)

    def test_who_somebody_is_was_chosen_the_last_time(self):
        wizard = self._wizard("company_c_pre7")
        line = wizard.user_choice_ids.filtered(lambda one: one.code == "user:1")
        line.user_id = self.mabel
        wizard.action_run()
        again = self._wizard("company_c_pre7").user_choice_ids
        self.assertEqual(again.filtered(lambda one: one.code == "user:1").user_id, self.mabel)
        reminders = self.env["bizuno.reminder"].search([("user_id", "=", self.mabel.id)])
        # Nine, and one that was due.
        self.assertEqual(len(reminders.filtered(lambda one: not one.project_id)), 10)

    def test_a_trial_run_tells_everything_and_leaves_nothing(self):
        wizard = self._wizard("company_c_pre7")
        wizard.opening_account_id = self.env["account.account"].create(
            {"code": "BIZ999", "name": "Opening", "account_type": "equity"}
        )
        asked_for = []
        self.env.cr.postcommit.clear()
        self.env.cr.postcommit.add(lambda: asked_for.append("by somebody else"))
        action = wizard.action_try()
        # Nothing is left to do with what is gone, and everything that others have asked for.
        self.env.cr.postcommit.run()
        self.assertEqual(asked_for, ["by somebody else"])
        run = self.env["bizuno.import.run"].browse(action["res_id"])
        self.assertEqual(run.state, "trial")
        self.assertEqual(run.counts["contacts"]["created"], 40)
        self.assertGreater(run.counts["documents"]["created"], 30)
        self.assertIn("is the same in both", run.report)
        self.assertFalse(self.env["account.move"].search([("journal_id.code", "=", "BZS")]))
        self.assertFalse(self.env["res.partner"].search([("ref", "=", "CUST-01")]))
        self.assertFalse(self.env["bizuno.import.record"].sudo().search([("run_id", "=", run.id)]))
        with self.assertRaisesRegex(UserError, "trial run"):
            run.with_user(self.admin).action_undo()

    def test_a_contact_that_is_here_is_found_by_its_id_and_kept(self):
        here = self.env["res.partner"].create(
            {"name": "Mine", "ref": "cust-01", "city": "My City", "role_vendor": True}
        )
        run = self._import("company_c_pre7")
        self.assertEqual(here.name, "Mine")
        self.assertEqual(here.city, "My City")
        self.assertEqual(here.street, "1 Old Street")
        self.assertTrue(here.role_vendor and here.role_customer)
        told = {row[2] for row in self._problems(run) if "was already in Odoo" in row[4]}
        self.assertLessEqual({"name", "city"}, told)
        run.action_undo()
        self.assertTrue(here.exists())

    def test_administrators_only(self):
        for user in (self.users["bizuno_manager"], self.users["bookkeeper"], self.users["rep"]):
            with self.assertRaises(AccessError):
                self._wizard("company_c_pre7", user=user)
            runs = self.env["bizuno.import.run"].with_user(user)
            with self.assertRaises(AccessError):
                runs.search([])
            with self.assertRaises(AccessError):
                runs._bring_over(None, "", None, {})
        with self.assertRaises(AccessError):
            self.env["bizuno.import.run"].with_user(self.admin).create(
                {"company_id": self.env.company.id}
            )

    def test_a_bad_file_gets_its_sentence_and_changes_nothing(self):
        before = self.env["res.partner"].search_count([])
        whole = self._changed("company_c_pre7")
        cut = whole[:50000]
        # As phpMyAdmin writes it, which marks no end with a comment.
        bare = re.sub(rb"(?m)^--.*\n", b"", whole)
        frame = b"START TRANSACTION;\n" + re.sub(rb"/\*!.*?\*/;\n", b"", bare)
        no_create = re.sub(rb"(?s)CREATE TABLE.*?;\n", b"", whole)
        for data, words in (
            (b"\x1f\x8bno", "damaged"),
            (b"PK\x03\x04", "zip archive"),
            ("SELECT 1".encode("utf-16"), "UTF-16"),
            (b"CREATE TABLE wp_posts (`ID` int);", "wp_posts"),
            (cut, "ends in the middle of table wp_bizuno_"),
            (whole + whole, "table wp_bizuno_address_book twice"),
            (bare[: bare.rindex(b"CHARACTER_SET_CLIENT=@OLD")], "cut off"),
            (frame, "cut off"),
            (no_create, "not their structure"),
        ):
            with self.assertRaisesRegex(UserError, words):
                self._wizard(data=data)
        self.assertEqual(self.env["res.partner"].search_count([]), before)
        empty = self.env["bizuno.import"].with_user(self.admin).create({})
        with self.assertRaisesRegex(UserError, "Choose the file first"):
            empty.action_analyse()

    def test_a_company_in_another_currency_is_refused(self):
        self.env.company.currency_id = self.env.ref("base.EUR")
        with self.assertRaisesRegex(UserError, "USD"):
            self._wizard("company_c_pre7").action_run()
        self.assertFalse(self.env["res.partner"].search([("ref", "=", "CUST-01")]))

    def test_every_problem_has_its_sentence_and_no_formula(self):
        codes = {
            code
            for path in (Path(dumps.__file__).parent.glob("*.py"))
            for code in texts._PROBLEMS
            if f'"{code}"' in path.read_text()
        }
        self.assertGreater(len(codes), 15)
        for code in texts._PROBLEMS:
            what, remedy = texts._PROBLEMS[code](self.env)
            self.assertTrue(what.endswith(".") and remedy.endswith("."), code)
        problem = Problem("contacts", "1", "name", "=HYPERLINK(1)", "orphan")
        book = openpyxl.load_workbook(io.BytesIO(report.problem_sheet(self.env, [problem])))
        self.assertEqual(book.active["D2"].data_type, "s")


class OpenDocuments:
    """Every open amount of Bizuno's is here to the cent, per contact and bucket."""

    name, rule, today = None, "own_rule", "2026-11-26"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.known = json.loads((DATA / f"{cls.name}_expected.json").read_text())
        cls.account = cls.env["account.account"].create(
            {"code": "BIZ999", "name": "Opening", "account_type": "equity"}
        )
        cls.run_all = cls._import(cls.name, opening_account_id=cls.account.id, due_rule=cls.rule)

    def _contact(self, id_):
        record = self.env["bizuno.import.record"].sudo().search([("key", "=", f"contacts.{id_}")])
        return self.env["res.partner"].browse(record.res_id)

    def test_receivables_of_each_contact_and_bucket_are_bizunos(self):
        aged = self.env["bizuno.aged.receivable"].with_context(aged_at=self.today)
        names = [f"amount_{bucket.key}" for bucket in aging.BUCKETS] + ["amount_total"]
        found = {
            partner: sums
            for partner, *sums in aged._read_group(
                [], ["partner_id"], [f"{name}:sum" for name in names]
            )
        }
        labels = ("current", "1-30", "31-60", "61-90", "91-120", "over 120", "total")
        seen = 0
        for contact in self.known["contacts_with_figures"]:
            figures = contact.get(f"ar_{self.rule}")
            sums = found.pop(self._contact(contact["id"]), [0.0] * 7)
            for label, amount in zip(labels, sums, strict=True):
                known = figures[label] if figures else 0.0
                self.assertEqual(round(amount, 2), known, (contact["short_name"], label))
                seen += bool(known)
        self.assertGreater(seen, 20)
        self.assertFalse(found)

    def test_payables_of_each_contact_and_bucket_are_bizunos(self):
        moves = self.env["account.move"].search(
            [("journal_id.code", "=", "BZP"), ("state", "=", "posted")]
        )
        today = fields.Date.to_date(self.today)
        sums = Counter()
        for move in moves:
            bucket = aging.bucket_of((today - move.invoice_date_due).days)
            sums[move.partner_id.id, bucket] -= round(100 * move.amount_residual_signed)
        labels = dict(
            zip(("current", "1_30", "31_60", "61_90", "91_120", "over_120"),
                ("current", "1-30", "31-60", "61-90", "91-120", "over 120"), strict=True)
        )  # fmt: skip
        for contact in self.known["contacts_with_figures"]:
            figures = contact.get(f"ap_{self.rule}")
            partner = self._contact(contact["id"]).id
            for bucket, label in labels.items():
                known = round(100 * figures[label]) if figures else 0
                self.assertEqual(sums.pop((partner, bucket), 0), known, contact["short_name"])
        self.assertFalse(+sums)

    def test_the_report_proves_it_and_nothing_differs(self):
        proof = self.run_all.proof
        self.assertEqual({row[1] for row in proof}, {"receivable", "payable"})
        self.assertFalse([row for row in proof if round(row[2], 2) != round(row[3], 2)])
        self.assertIn("is the same in both", self.run_all.report)
        balance = sum(
            self.env["account.move.line"].search([("account_id", "=", self.account.id)])
            .mapped("balance")
        )  # fmt: skip
        owed = self.known["totals"]["ar"][self.rule]["total"]
        owing = self.known["totals"]["ap"][self.rule]["total"]
        self.assertAlmostEqual(balance, owing - owed, delta=0.011)


@freeze_time("2026-11-26")
@tagged("post_install", "-at_install")
class TestOpenDocumentsOf7(OpenDocuments, ImportCommon):
    name = "company_a"

    def test_a_document_has_its_number_dates_and_po_number(self):
        move = self.env["account.move"].search([("name", "=", "INV00001")])
        self.assertEqual(move.partner_id, self._partner("BUCKET"))
        self.assertEqual((str(move.invoice_date), move.ref), ("2026-04-10", "BK+200"))
        self.assertEqual(str(move.invoice_date_due), "2026-05-10")
        self.assertEqual(move.payment_state, "not_paid")
        refund = self.env["account.move"].search([("name", "=", "INV00088")])
        self.assertEqual((refund.move_type, refund.amount_total), ("out_refund", 15.0))

    def test_a_document_that_is_paid_here_is_kept_by_undo(self):
        move = self.env["account.move"].search([("name", "=", "INV00001")])
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=move.ids
        ).create({})._create_payments()
        self.run_all.action_undo()
        self.assertTrue(move.exists())
        self.assertTrue(self._partner("BUCKET"))


@freeze_time("2026-11-26")
@tagged("post_install", "-at_install")
class TestOpenDocumentsByTheTerms(OpenDocuments, ImportCommon):
    name, rule = "company_c_pre7", "reference_rule"

    def test_the_run_again_books_nothing_and_undo_takes_all_away(self):
        moves = self.env["account.move"].search([("journal_id.code", "in", ("BZS", "BZP"))])
        again = self._import(self.name, opening_account_id=self.account.id, due_rule=self.rule)
        count = again.counts["documents"]
        self.assertEqual((count["read"], count["unchanged"]), (len(moves), len(moves)))
        self.run_all.action_undo()
        self.assertFalse(moves.exists())
        self.assertFalse(self.env["account.journal"].search([("code", "in", ("BZS", "BZP"))]))
        self.assertFalse(self.run_all.sudo().record_ids)


@freeze_time("2026-11-26")
@tagged("post_install", "-at_install")
class TestOpenDocumentsOfMigrated(OpenDocuments, ImportCommon):
    name = "company_c_migrated"


@tagged("post_install", "-at_install")
class TestImportCommand(ImportCommon):
    _proposes_account = True

    def _run(self, *args):
        options = BizunoImport()
        options.parser.add_argument("path", type=Path)
        for name, kind in (("company", int), ("map", Path), ("report", Path)):
            options.parser.add_argument(f"--{name}", type=kind)
        for name in ("dry-run", "overwrite"):
            options.parser.add_argument(f"--{name}", action="store_true")
        out = io.StringIO()
        # Each step is a transaction.
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            env = self.env(cr=cr, user=self.admin.id)
            status = bring_over(env, options.parser.parse_args([*map(str, args)]), out)
        self.env.invalidate_all()
        return status, out.getvalue()

    def test_the_command_runs_reports_and_says_how_it_went(self):
        dump = DATA / "company_c_pre7.sql.gz"
        with TemporaryDirectory() as folder:
            report, chosen = Path(folder) / "problems.xlsx", Path(folder) / "map.json"
            status, out = self._run(dump, "--dry-run", "--report", report)
            self.assertEqual(status, 1)
            self.assertIn("contacts: read 40, created 40", out)
            self.assertGreater(len([*openpyxl.load_workbook(report).active.values]), 5)
            self.assertFalse(self.env["res.partner"].search([("ref", "=", "CUST-01")]))
            chosen.write_text('{"users": {"user:1": "mabel"}}')
            status, out = self._run(dump, "--map", chosen, "--company", self.env.company.id)
            self.assertEqual(status, 1)  # a send of a promotion that is gone
            self.assertIn("rows left out: 1\n", out)
            self.assertTrue(self._partner("CUST-01"))

    def test_what_cannot_be_run_is_said(self):
        for args, words in (
            (["/nowhere.sql"], "nowhere"),
            ([__file__], "no Bizuno company"),
            ([DATA / "company_a.sql.gz", "--company", "999999"], "leave out --company"),
        ):
            status, out = self._run(*args)
            self.assertEqual(status, 2)
            self.assertIn(words, out)
