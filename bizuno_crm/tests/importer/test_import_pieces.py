"""A move in pieces, what was deleted in Bizuno between two dumps, a second company of Bizuno's, and
files as programs of all kinds write them."""

import gzip
import io
import re
from unittest import mock

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from ...logic.bizuno_dump import company as dumps
from ...logic.bizuno_dump import source, sql
from ...models.importer import bizuno_import_background_mixin, documents, orders, pieces, rows
from ...models.importer.bizuno_import_background_mixin import BizunoImportBackgroundMixin
from ...wizards.importer import bizuno_import as wizards
from . import test_import_run
from .test_import import DATA, ImportCommon

TODAY = "2026-11-26"


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestPieces(ImportCommon):
    _proposes_account = True
    _waiting = test_import_run.TestBackground._waiting
    _work = test_import_run.TestBackground._work
    _fails_in = test_import_run.TestBackground._fails_in

    def _cut_small(self):
        for module, size in ((rows, 7), (documents, 5), (orders, 2)):
            self.patch(module, "_BATCH", size)
        self.patch(bizuno_import_background_mixin, "_PIECE", -1)

    def _facts(self, run):
        proof = [(*row[:2], round(row[2], 2), round(row[3], 2)) for row in run.proof]
        return run.counts, run.reasons, proof, sorted(self._problems(run))

    def test_many_pieces_are_what_one_would_be(self):
        at_once = self._wizard("company_a").action_try()
        expected = self._facts(self.env["bizuno.import.run"].browse(at_once["res_id"]))
        account = self.env.company.get_unaffected_earnings_account()
        self.patch(bizuno_import_background_mixin, "_WORKS", 0)
        self._cut_small()
        self.patch(wizards, "_AT_ONCE", 100)
        run = self._waiting("company_a", account=account)
        run.sudo().mapping = self.env["bizuno.import.run"].browse(at_once["res_id"]).mapping
        done = []
        original = BizunoImportBackgroundMixin._do_step

        def do_step(one, at_work, step):
            original(one, at_work, step)
            done.append((step, id(at_work)))

        with mock.patch.object(BizunoImportBackgroundMixin, "_do_step", do_step):
            for _turn in range(200):
                if run.state == "done":
                    break
                if len(done) == 12:
                    with self._fails_in("documents"):
                        self._work()
                self._work()
        self.assertEqual(run.state, "done", run.failure)
        # Of several steps, each by whoever came next and knew only what was committed.
        steps = [step for step, _importer in done]
        for step in ("contacts", "addresses", "documents", "orders", "log"):
            self.assertGreater(steps.count(step), 2, step)
        found = self._facts(run)
        for mine, theirs in zip(found, expected, strict=True):
            self.assertEqual(mine, theirs)
        self.patch(bizuno_import_background_mixin, "_PIECE", 15)
        self.patch(wizards, "_AT_ONCE", 10_000)
        with self._written_tables() as tables:
            again = self._import("company_a")
        self.assertUnchanged(again)
        self.assertFalse({"res_partner", "account_move", "bizuno_import_record"} & tables)
        run.action_undo()
        self.assertFalse(self.env["res.partner"].search([("ref", "=", "FL-ALL")]))


@tagged("post_install", "-at_install")
class TestTrialOfALargeCompany(ImportCommon):
    def test_that_the_server_would_end_it_is_said_before(self):
        self.patch(pieces, "_OTHERS", 2.5)
        self.patch(pieces.config, "options", {**pieces.config.options, "limit_time_cpu": 90})
        wizard = self._wizard("company_c_pre7")
        self.assertIn("after 90 seconds", wizard.analysis)
        with self.assertRaisesRegex(UserError, "bizuno_import --dry-run"):
            wizard.action_try()
        self.patch(pieces, "_OTHERS", 0.01)
        wizard = self._wizard("company_c_pre7")
        self.assertNotIn("seconds", wizard.analysis)


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestSecondDump(ImportCommon):
    def _without(self, *rows):
        """Company A, in which somebody has deleted rows: [(the table, how its row begins)]"""
        data = gzip.decompress((DATA / "company_a.sql.gz").read_bytes()).decode()
        for table, row in rows:
            begin = data.index(f"INSERT INTO `{table}` VALUES")
            at = data.index(f"\n{row}", begin)
            end = data.index("\n", at + 1)
            data = data[:at] + data[end:]
        return data.encode()

    def test_what_was_deleted_in_bizuno_is_told_until_it_is_gone_here(self):
        self._import("company_a")
        records = self.env["bizuno.import.record"].sudo()
        projects = records.search([("key", "=like", "project.common_meta.%")])
        project = projects[0]
        promotion = records.search(
            [("key", "=like", "promotion.common_meta.%"), ("res_model", "=", "bizuno.promo")]
        )[1]
        reminder = records.search([("key", "=like", "reminder.contacts_meta.%")])[0]
        call = records.search([("key", "=like", "contacts_log.%")])[3]
        rows = [
            (key.split(".")[-2], f"({key.split('.')[-1]},")
            for key in (project.key, promotion.key, reminder.key, call.key)
        ]
        dump = self._without(*rows)
        run = self._import(data=dump)
        self.assertUnchanged(run)
        told = {row[1] for row in self._problems(run) if "no longer in Bizuno" in row[4]}
        gone = {one.key.partition(".")[2] for one in (project, promotion, reminder, call)}
        self.assertEqual(told, gone)
        self.env["bizuno.promo"].browse(promotion.res_id).active = False
        self.env["bizuno.contact.log"].browse(call.res_id).unlink()
        run = self._import(data=dump)
        told = {row[1] for row in self._problems(run) if "no longer in Bizuno" in row[4]}
        self.assertEqual(told, gone - {one.key.partition(".")[2] for one in (promotion, call)})

    def test_another_company_of_bizunos_is_refused_at_the_beginning(self):
        self._import("company_a")
        before = self.env["res.partner"].search_count([])
        with self.assertRaisesRegex(UserError, "Another Bizuno company was moved"):
            self._wizard("company_c_pre7")
        self.assertEqual(self.env["res.partner"].search_count([]), before)

    def test_after_bizunos_own_upgrade_nothing_comes_twice(self):
        """It gives addresses, people, price sheets, projects, reminders and promotions other tables
        and ids, and calls and projects go on naming users by their numbers of before."""
        models = ("bizuno.project", "bizuno.reminder", "bizuno.promo", "product.pricelist",
                  "product.pricelist.item")  # fmt: skip
        # By the login; the move is another user's.
        user = self.env.ref("base.user_admin")
        first = self._import("company_c_pre7")
        before = {model: self.env[model].search([]) for model in models}
        dock = self._partner("CUST-01").child_ids.filtered(lambda one: one.type == "delivery")
        person = self.env["res.partner"].search([("name", "=", "Oona Frith")])
        second = self._import("company_c_migrated")
        for step in ("addresses", "price_sheets", "projects", "reminders", "promotions"):
            self.assertNotIn("created", second.counts[step], step)
        for step in ("log", "price_sheets"):
            self.assertNotIn("updated", second.counts[step], step)
        calls = self.env["bizuno.contact.log"].search([("partner_id.ref", "=", "CUST-01")])
        self.assertEqual(calls.user_id, user)
        self.assertIn(user, self.env["bizuno.project"].search([]).user_id)
        self.assertEqual(second.counts["contacts"]["created"], 1)  # by the upgrade, of a project
        for model, records in before.items():
            self.assertEqual(self.env[model].search([]), records)
        self.assertEqual(
            self._partner("CUST-01").child_ids.filtered(lambda one: one.type == "delivery"), dock
        )
        self.assertEqual(self.env["res.partner"].search([("name", "=", "Oona Frith")]), person)
        # The upgrade has deleted who belonged to nobody, and nobody else.
        told = [row[3] for row in self._problems(second) if "no longer in Bizuno" in row[4]]
        self.assertEqual(told, ["CRM-5"])
        # What is done there from now on is followed here.
        data = self._changed(
            "company_c_migrated",
            (
                'Burrowfen Ltd Dock\\",\\"contact\\":null,\\"address1\\":\\"1 Dock Rd',
                'Burrowfen Ltd Dock\\",\\"contact\\":null,\\"address1\\":\\"77 Quay',
            ),
        )
        third = self._import("company_c_migrated", data)
        self.assertEqual(third.counts["addresses"]["updated"], 1)
        self.assertEqual(dock.street, "77 Quay")
        third.action_undo()
        second.action_undo()
        first.action_undo()
        self.assertFalse(dock.exists() or person.exists())


@tagged("post_install", "-at_install")
class TestPrograms(ImportCommon):
    """What is in the file is the same, whoever has written it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.data = gzip.decompress((DATA / "company_a.sql.gz").read_bytes())
        cls.expected = cls._read(cls.data)

    @classmethod
    def _read(cls, data):
        return dumps.read(lambda: io.BytesIO(data))

    def _rows(self):
        tables = [one.decode() for one in re.findall(rb"CREATE TABLE `(\w+)`", self.data)]
        yield from sql.Dump(source.pieces(io.BytesIO(self.data))).read(tables)

    def _data_alone(self):
        """With the names of the columns, in another order, and no structure."""
        for batch in self._rows():
            names = ", ".join(f"`{name}`" for name in reversed(batch.columns))
            for row in batch.rows:
                values = ",".join(
                    "null" if one is None else f"0x{one.encode().hex()}" if one else '""'
                    for one in reversed(row)
                )
                yield f"insert into `{batch.table}` ({names}) values ({values});"  # noqa: S608

    def test_the_same_company_is_read(self):
        windows = self.data.replace(b"utf8mb4", b"latin1")
        bare = re.sub(rb"/\*!.*?\*/;\n", b"", re.sub(rb"(?m)^--.*\n", b"", self.data), flags=re.S)
        for name, data in {
            "data alone": "\n".join(self._data_alone()).encode(),
            "packed twice": gzip.compress(gzip.compress(self.data)),
            "carriage returns": self.data.replace(b"\n", b"\r\n"),
            "UTF-8 in tables of Windows letters": windows,
            "phpMyAdmin": b"START TRANSACTION;\n" + bare + b"COMMIT;\n",
        }.items():
            found = self._read(data)
            for field in found._fields:
                if field != "tables":
                    with self.subTest(name=name, field=field):
                        self.assertEqual(getattr(found, field), getattr(self.expected, field))

    def test_windows_letters_are_read(self):
        data = self.data.decode().encode("cp1252", "replace").replace(b"utf8mb4", b"latin1")
        self.assertIn("Sabela Núñez-Øst", {one.name for one in self._read(data).contacts.values()})


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestOddDocuments(ImportCommon):
    _proposes_account = True

    def _with(self, data, table, id_, **values):
        """The dump with other values in a row."""
        [create] = re.findall(rf"CREATE TABLE `{table}` \((.*?)\n\) ", data, re.DOTALL)
        names = re.findall(r"^  `(\w+)`", create, re.MULTILINE)
        begin = data.index(f"INSERT INTO `{table}` VALUES")
        row = re.compile(rf"^\({id_},.*\)[,;]$", re.MULTILINE).search(data, begin)
        literals = re.findall(r"'(?:[^'\\]|\\.|'')*'|[^,]+", row[0][1:-2])
        self.assertEqual(len(literals), len(names))
        for name, value in values.items():
            literals[names.index(name)] = value
        new = f"({','.join(literals)}){row[0][-1]}"
        return data[: row.start()] + new + data[row.end() :]

    def test_notes_come_over_and_what_is_neither_open_nor_closed_is_told(self):
        data = gzip.decompress((DATA / "company_c_pre7.sql.gz").read_bytes()).decode()
        found = dumps.read(lambda: (DATA / "company_c_pre7.sql.gz").open("rb"))
        first, second = [one for one in found.documents if one.journal == "12"][:2]
        table = "wp_bizuno_journal_main"
        data = self._with(data, table, first.id, notes="'Bring the <b>long</b> ladder'")
        data = self._with(data, table, second.id, closed="NULL").encode()
        run = self._import("company_c_pre7", data)
        move = self.env["account.move"].search([("payment_reference", "=", first.number)])
        self.assertEqual(move.state, "posted")
        self.assertIn("<b>long</b>", "".join(move.message_ids.mapped("body")))
        self.assertFalse(move.narration)
        told = [row[:4] for row in self._problems(run) if "unclear whether" in row[4]]
        self.assertEqual(told, [("journal_main", second.id, "closed", "NULL")])
        # As Bizuno's own aging has it.
        self.assertFalse([row for row in run.proof if round(row[2] - row[3], 2)])
        self.assertUnchanged(self._import("company_c_pre7", data))

    def test_a_promotion_without_a_sender_is_told_and_comes_later(self):
        self.admin.email = False
        run = self._import("company_c_pre7", opening_account_id=False)
        told = [row for row in self._problems(run) if "needs a sender" in row[4]]
        self.assertEqual(len(told), run.counts["promotions"]["skipped"])
        self.assertGreater(len(told), 0)
        self.admin.email = "admin@example.com"
        again = self._import("company_c_pre7", opening_account_id=False)
        self.assertGreaterEqual(again.counts["promotions"]["created"], len(told))
        self.assertNotIn("skipped", again.counts["promotions"])
