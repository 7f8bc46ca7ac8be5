"""What is chosen for a move from Bizuno, how it goes on in the background, and what it reports."""

import base64
import io
import json
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

import openpyxl
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged
from psycopg2.errors import SerializationFailure

from ...logic.bizuno_dump import choices
from ...models.importer import bizuno_import_background_mixin
from ...models.importer.bizuno_import_background_mixin import BizunoImportBackgroundMixin
from ...models.importer.importer import STEPS, Importer
from ...wizards.importer import bizuno_import as wizards
from .test_import import DATA, ImportCommon


@tagged("post_install", "-at_install")
class TestChoices(ImportCommon):
    def test_everything_that_cannot_be_known_is_asked_with_a_proposal(self):
        wizard = self._wizard("company_a")
        kinds = {line.kind for line in wizard.choice_ids}
        self.assertEqual(kinds, {"user", "account", "store", "pricelist"})
        accounts = {line.code: line for line in wizard.account_choice_ids}
        self.assertLessEqual({"4000-00", "6680-00"}, {*accounts})
        self.assertEqual(accounts["4000-00"].account_id.account_type, "income")
        self.assertIn("4000-00", accounts["4000-00"].name)
        self.assertEqual(len(wizard.store_choice_ids), 2)
        self.assertFalse(wizard.store_choice_ids.store_id)
        sheets = {line.code: line.name for line in wizard.pricelist_choice_ids}
        self.assertEqual(sheets["159"], "Gold")

    def test_what_has_the_same_code_name_or_rate_is_proposed(self):
        account = self.env["account.account"].create(
            {"code": "4000.00", "name": "Same number", "account_type": "income_other"}
        )
        sheet = self.env["product.pricelist"].create({"name": " gold"})
        store = self.env["res.company"].create({"name": "West Branch"})
        tax = self.env["account.tax"].create(
            {"name": "8.25", "amount": 8.25, "type_tax_use": "sale"}
        )
        found = self.env["bizuno.import.run"]._read_company(
            lambda: (DATA / "company_a.sql.gz").open("rb")
        )
        found.choices["tax"] = {"7": choices.Choice("7", "State", "8.250", "sale")}
        found.choices["store"]["9"] = choices.Choice("9", "West Branch")
        proposals = self.env["bizuno.import.run"].with_user(self.admin)._get_proposals(found)
        self.assertEqual(proposals["account"]["4000-00"], (account.id, False))
        self.assertEqual(proposals["pricelist"]["159"], (sheet.id, False))
        self.assertEqual(proposals["store"]["9"], (store.id, False))
        self.assertEqual(proposals["tax"]["7"], (tax.id, False))

    def test_what_was_chosen_is_remembered_for_other_files_too(self):
        account = self.env["account.account"].create(
            {"code": "BIZ4", "name": "Mine", "account_type": "income"}
        )
        wizard = self._wizard("company_a")
        line = wizard.account_choice_ids.filtered(lambda one: one.code == "4000-00")
        self.assertFalse(line.is_remembered)
        line.account_id = account
        wizard.action_try()
        self._wizard("company_c_pre7").action_try()
        again = self._wizard("company_a").account_choice_ids
        again = again.filtered(lambda one: one.code == "4000-00")
        self.assertEqual((again.account_id, again.is_remembered), (account, True))
        run = self.env["bizuno.import.run"].sudo().search([], limit=1)
        self.assertEqual(run._get_choice("account", "4000-00"), account.id)
        self.assertIsNone(run._get_choice("account", "nothing"))
        # What was deleted since is proposed anew.
        account.unlink()
        line = self._wizard("company_a").account_choice_ids
        line = line.filtered(lambda one: one.code == "4000-00")
        self.assertFalse(line.is_remembered)
        self.assertTrue(line.account_id)

    def test_what_is_announced_is_what_is_read(self):
        for name in ("company_a", "company_c_pre7", "company_c_migrated"):
            wizard = self._wizard(name)
            wizard.opening_account_id = self.env["account.account"].create(
                {"code": f"B{len(name)}", "name": "Opening", "account_type": "equity"}
            )
            run = self.env["bizuno.import.run"].browse(wizard.action_try()["res_id"])
            read = {step: count.get("read", 0) for step, count in run.counts.items()}
            self.assertEqual(wizard.expected, read)
            self.assertGreater(read["documents"], 30)

    def test_analyse_shows_tables_and_years_and_writes_no_term(self):
        terms = self.env["account.payment.term"].search_count([])
        analysis = self._wizard("company_a").analysis
        self.assertEqual(self.env["account.payment.term"].search_count([]), terms)
        for words in ("journal_main: Invoices", "2026", "contacts_log"):
            self.assertIn(words, analysis)


@tagged("post_install", "-at_install")
class TestBackground(ImportCommon):
    def setUp(self):
        super().setUp()
        self.patch(wizards, "_AT_ONCE", 100)
        # All in one turn, however busy the machine is.
        self.patch(bizuno_import_background_mixin, "_WORKS", 3_600)
        self.patch(bizuno_import_background_mixin, "_PIECE", 3_600)

    def _waiting(self, name="company_c_pre7", is_trial=False, account=None):
        wizard = self._wizard(name)
        wizard.opening_account_id = account
        wizard.user_choice_ids.user_id = False
        action = wizard.action_try() if is_trial else wizard.action_run()
        return self.env["bizuno.import.run"].with_user(self.admin).browse(action["res_id"])

    @contextmanager
    def _fails_in(self, step):
        """The server dies in a step, in the middle of what it writes."""
        original = Importer.bring_over

        def bring_over(importer, name, rest=None):
            found = original(importer, name, rest)
            if name == step and not importer.counting:
                raise SystemExit
            return found

        with mock.patch.object(Importer, "bring_over", bring_over):
            yield

    def _work(self):
        original = BizunoImportBackgroundMixin._cron_go_on

        def go_on(runs):
            try:
                original(runs)
            except SystemExit:
                # What was not committed is lost, and the job begins again another time.
                runs.env.cr.rollback()
                runs.env["ir.cron"]._commit_progress(remaining=0)

        with (
            mock.patch.object(BizunoImportBackgroundMixin, "_cron_go_on", go_on),
            self.enter_registry_test_mode(),
        ):
            self.env.ref("bizuno_crm.ir_cron_import").method_direct_trigger()
        self.env.invalidate_all()

    def test_a_large_file_waits_and_comes_over_in_the_background(self):
        run = self._waiting()
        self.assertEqual((run.state, run.progress), ("waiting", 0))
        self.assertIn("as soon as the server is free", run.progress_text)
        self.assertFalse(self.env["res.partner"].search([("ref", "=", "CUST-01")]))
        self._work()
        self.assertEqual(run.state, "done")
        self.assertEqual(run.counts["contacts"]["created"], 40)
        self.assertFalse(run.file or run.step_ids)
        self.assertTrue(self._partner("CUST-01"))
        log = self.env["bizuno.contact.log"].search([("company_id", "=", self.env.company.id)])
        # The calls of nobody known are those of who has begun the run, not of the job's user.
        self.assertEqual(log.user_id, self.admin)

    def test_a_trial_in_the_background_leaves_nothing_but_the_report(self):
        run = self._waiting(is_trial=True)
        self._work()
        self.assertEqual(run.state, "trial")
        self.assertEqual(run.counts["contacts"]["created"], 40)
        self.assertFalse(self.env["res.partner"].search([("ref", "=", "CUST-01")]))

    def test_who_is_interrupted_goes_on_and_does_no_step_twice(self):
        run = self._waiting()
        with self._fails_in("log"):
            self._work()
        self.env.invalidate_all()
        self.assertEqual(run.state, "running")
        done = [*run.sudo().step_ids.mapped("name")]
        self.assertEqual(done, [*STEPS[: STEPS.index("log")]])
        self.assertFalse(
            self.env["bizuno.contact.log"].search([("company_id", "=", self.env.company.id)])
        )
        before = self.env["bizuno.import.record"].sudo().search([("run_id", "=", run.id)])
        written = []
        original = Importer.save

        def save(importer, step, model, items, found=None, once=None):
            if not importer.recalling:
                written.append(step)
            return original(importer, step, model, items, found, once)

        with mock.patch.object(Importer, "save", save):
            self._work()
        self.assertFalse({*done} & {*written})
        self.assertEqual(run.state, "done")
        self.assertTrue(before.exists() == before)
        self.assertEqual(run.counts["contacts"], {"read": 40, "created": 40})
        self.assertEqual(run.counts["log"]["created"], 14)
        again = self._import("company_c_pre7", is_now=True)
        self.assertFalse(sum(count.get("created", 0) for count in again.counts.values()))

    def _import(self, name, is_now=False):
        self.patch(wizards, "_AT_ONCE", 10_000 if is_now else 100)
        return super()._import(name)

    def test_a_step_that_the_server_never_lets_end_is_said(self):
        run = self._waiting()
        for _try in range(3):
            with self._fails_in("log"):
                self._work()
        self._work()
        self.assertEqual(run.state, "failed")
        self.assertIn("limit_time_real_cron", run.failure)
        run.action_go_on()
        self._work()
        self.assertEqual(run.state, "done")

    def test_a_step_that_is_tried_again_uses_nothing_of_the_try_before(self):
        """Journals, services and payment terms that were taken back are made anew."""
        original, failed = BizunoImportBackgroundMixin._do_step, []

        def do_step(one, importer, step):
            original(one, importer, step)
            if step in ("contacts", "documents", "orders") and step not in failed:
                failed.append(step)
                one.env.flush_all()
                raise SerializationFailure

        account = self.env.company.get_unaffected_earnings_account()
        run = self._waiting("company_a", account=account)
        with mock.patch.object(BizunoImportBackgroundMixin, "_do_step", do_step):
            self._work()
        self.assertEqual(failed, ["contacts", "documents", "orders"])
        self.assertEqual(run.state, "done")
        self.assertNotIn("refused", {one[1] for one in run.reasons})
        self.assertFalse([row for row in run.proof if round(row[2] - row[3], 2)])
        moves = self.env["account.move"].search([("journal_id.code", "=", "BZS")])
        self.assertGreater(len(moves), 30)
        vendor = self._partner("VEND-2").with_company(self.env.company)
        self.assertEqual(vendor.property_supplier_payment_term_id.line_ids.nb_days, 30)
        orders = self.env["sale.order"].search([("company_id", "=", self.env.company.id)])
        self.assertTrue(orders.order_line.product_id.exists() == orders.order_line.product_id)
        self.assertEqual(self._import("company_a", is_now=True).counts["documents"].get("created"),
                         None)  # fmt: skip

    def test_cancel_takes_the_step_back_and_undo_the_rest(self):
        run = self._waiting()
        original = BizunoImportBackgroundMixin._do_step

        def do_step(one, importer, step):
            if step == "projects":
                # Somebody has pressed the button meanwhile.
                one.with_user(self.admin).action_cancel()
                one.env.cr.commit()  # pylint: disable=invalid-commit
            return original(one, importer, step)

        with mock.patch.object(BizunoImportBackgroundMixin, "_do_step", do_step):
            self._work()
        self.assertEqual(run.state, "cancelled")
        self.assertTrue(self._partner("CUST-01"))
        self.assertFalse(self.env["bizuno.promo"].search([("name", "=", "Old spring")]))
        with self.assertRaisesRegex(UserError, "has already ended"):
            run.action_cancel()
        run.action_undo()
        self.assertFalse(self.env["res.partner"].search([("ref", "=", "CUST-01")]))
        with self.assertRaisesRegex(UserError, "has already ended"):
            run.action_go_on()

    def test_what_fails_is_said_and_can_go_on(self):
        run = self._waiting()
        with mock.patch.object(Importer, "_bring_log", side_effect=UserError("No room.")):
            self._work()
        self.assertEqual(run.state, "failed")
        self.assertIn("No room.", run.failure)
        run.action_go_on()
        self._work()
        self.assertEqual(run.state, "done")

    def test_one_at_a_time(self):
        run = self._waiting()
        run.sudo().state = "running"
        with self.assertRaisesRegex(UserError, "Another move from Bizuno is in progress"):
            self._import("company_c_pre7", is_now=True)
        run.sudo().state = "cancelled"
        self._import("company_c_pre7", is_now=True)

    def test_who_is_under_way_is_named_with_the_remedy(self):
        run = self._waiting()
        run.sudo().state = "running"
        with self.assertRaisesRegex(UserError, f"{run.file_name}.*cancel the move first"):
            self._import("company_a", is_now=True)

    def test_cancel_and_going_on_are_for_administrators(self):
        run = self._waiting()
        for user in (self.users["bizuno_manager"], self.users["bookkeeper"]):
            for name in ("action_cancel", "action_go_on", "action_undo"):
                with self.assertRaises(AccessError):
                    getattr(run.with_user(user), name)()
        self.assertEqual(run.state, "waiting")


@freeze_time("2026-11-26")
@tagged("post_install", "-at_install")
class TestReport(ImportCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = cls.env["account.account"].create(
            {"code": "BIZ999", "name": "Opening", "account_type": "equity"}
        )
        cls.run_a = cls._import("company_a", opening_account_id=cls.account.id)
        cls.known = json.loads((DATA / "company_a_expected.json").read_text())

    def test_the_workbook_has_everything(self):
        book = openpyxl.load_workbook(io.BytesIO(base64.b64decode(self.run_a.report_sheet)))
        sheets = {sheet.title: [*sheet.values] for sheet in book}
        self.assertIn(("SHA-256", self.run_a.sha256), sheets["Run"])
        self.assertIn(("Contacts", 86, 82), [row[:3] for row in sheets["Rows"]])
        theirs = sum(row[2] for row in sheets["Open amounts"][1:] if row[1] == "Receivable")
        self.assertAlmostEqual(theirs, self.known["open_ar_total"], delta=0.011)
        self.assertFalse([row for row in sheets["Open amounts"][1:] if row[4]])
        self.assertTrue(sheets["What went wrong"] and sheets["Bizuno's own errors"])

    def test_its_page_opens(self):
        """As it is read by the next request, and not as the run left it in memory."""
        self.env.flush_all()
        self.env.invalidate_all()
        page = Form(self.run_a.with_user(self.admin))
        self.assertEqual(page.sha256, self.run_a.sha256)
        self.assertTrue(page.report)

    def test_it_names_what_bizuno_counts_wrongly(self):
        wrong = dict(self.run_a.faults)
        known = self.known["differences_bizuno_minus_own_rule"]
        self.assertEqual({*wrong["days"]}, {one["number"] for one in known})
        self.assertEqual({*wrong["panel_of_vendor"]}, {"BOTH-1", "BOTH-2"})
        self.assertIn("INV00005", self.run_a.report)
        self.assertIn("BOTH-1", self.run_a.report)

    def test_it_prints(self):
        reports = self.env["ir.actions.report"].with_user(self.admin)
        text, _kind = reports._render_qweb_html(
            "bizuno_crm.report_import_run_document", self.run_a.ids
        )
        for words in (self.run_a.sha256, "Bucket Brigade", "Where Bizuno", "is the same in both"):
            self.assertIn(words, text.decode())

    def test_why_rows_were_left_out_is_counted(self):
        self.assertIn(["contacts_meta", "user_unmapped", 14], self.run_a.reasons)


class CommandCommon(ImportCommon):
    _proposes_account = True

    def _run(self, *args):
        from .test_import import TestImportCommand  # noqa: PLC0415  (else its tests ran here too)

        return TestImportCommand._run(self, *args)


@freeze_time("2026-11-26")
@tagged("post_install", "-at_install")
class TestCommandAgain(CommandCommon):
    """Who calls the command again, after whatever became of the call before."""

    DUMP = DATA / "company_c_pre7.sql.gz"

    @contextmanager
    def _map(self, **chosen):
        with TemporaryDirectory() as folder:
            path = Path(folder) / "map.json"
            path.write_text(json.dumps(chosen))
            yield path

    def _stop_in(self, step, error):
        def bring_over(importer, name, rest=None):
            if name == step:
                raise error
            return original(importer, name, rest)

        original = Importer.bring_over
        return mock.patch.object(Importer, "bring_over", bring_over)

    def _last(self):
        return self.env["bizuno.import.run"].sudo().search([], limit=1)

    def _moves(self):
        return self.env["account.move"].search([("journal_id.code", "in", ("BZS", "BZP"))])

    def test_it_runs_on_the_proposals_and_the_documents_come(self):
        status, out = self._run(self.DUMP)
        self.assertEqual(status, 1)  # a send of a promotion that is gone
        self.assertIn("rows left out: 1\n", out)
        run = self._last()
        self.assertEqual(run.opening_account_id,
                         self.env.company.get_unaffected_earnings_account())  # fmt: skip
        known = json.loads((DATA / "company_c_pre7_expected.json").read_text())
        aged = self.env["bizuno.aged.receivable"].with_context(aged_at="2026-11-26")
        [(total,)] = aged._read_group([], [], ["amount_total:sum"])
        self.assertAlmostEqual(total, known["totals"]["ar"]["own_rule"]["total"], 2)
        self.assertFalse([row for row in run.proof if round(row[2] - row[3], 2)])

    def test_a_map_without_an_account_leaves_the_documents_and_says_so(self):
        with self._map(opening_account=None) as path:
            status, out = self._run(self.DUMP, "--map", path)
        self.assertEqual(status, 1)
        self.assertNotIn("rows left out: 1\n", out)
        self.assertFalse(self._moves())
        # A map that does not speak of it leaves it as it is proposed.
        with self._map(due_rule="reference_rule") as path:
            self._run(self.DUMP, "--map", path)
        self.assertEqual(self._last().due_rule, "reference_rule")
        self.assertTrue(self._moves())

    def test_while_another_is_under_way_nothing_is_run(self):
        killed = self.env["bizuno.import.run"].sudo().create(
            {"company_id": self.env.company.id, "file_name": "other.sql", "sha256": "1",
             "state": "running", "is_trial": True}
        )  # fmt: skip
        status, out = self._run(self.DUMP)
        self.assertEqual(status, 2)
        self.assertIn("in progress: other.sql", out)
        self.assertEqual(self._last(), killed)
        killed.with_user(self.admin).action_cancel()
        self.assertEqual(self._run(self.DUMP)[0], 1)

    def test_who_presses_ctrl_c_is_in_nobodys_way(self):
        with self._stop_in("orders", KeyboardInterrupt()):
            for args in ((), ("--dry-run",)):
                status, out = self._run(self.DUMP, *args)
                self.assertEqual(status, 2)
                self.assertIn("was interrupted", out)
                self.assertEqual(self._last().state, "failed")
        self.assertTrue(self._moves())
        runs = self.env["bizuno.import.run"].sudo().search_count([])
        status, out = self._run(self.DUMP)
        self.assertEqual(status, 1)
        self.assertIn("contacts: read 40, created 40", out)
        self.assertEqual(self.env["bizuno.import.run"].sudo().search_count([]), runs)

    def test_who_calls_again_with_another_map_begins_anew(self):
        with self._map(opening_account=None) as path, self._stop_in("log", UserError("No room.")):
            status, out = self._run(self.DUMP, "--map", path)
        self.assertEqual((status, self._last().state), (2, "failed"))
        self.assertIn("No room.", out)
        self.assertFalse(self._moves())
        failed = self._last()
        code = self.env.company.get_unaffected_earnings_account().code
        with self._map(opening_account=code, users={"user:1": "mabel"}) as path:
            status, out = self._run(self.DUMP, "--map", path)
        self.assertEqual(status, 1)
        self.assertEqual((self._last(), failed.state), (failed, "done"))
        self.assertTrue(self._moves())
        log = self.env["bizuno.contact.log"].search([("company_id", "=", self.env.company.id)])
        self.assertEqual(log.user_id, self.mabel)
        failed.with_user(self.admin).action_undo()
        self.assertFalse(self.env["res.partner"].search([("ref", "=", "CUST-01")]))

    def test_a_map_that_is_none_is_said(self):
        receivable = self.env["account.account"].search(
            [
                ("account_type", "=", "asset_receivable"),
                ("company_ids", "in", self.env.company.ids),
            ],
            limit=1,
        )
        for text, words in (
            ("{", "not a map as the command writes it"),
            ("[]", "not a map as the command writes it (list)"),
            ('{"users": ["mabel"]}', "(users)"),
            ('{"users": {"user:1": 7}}', "(users)"),
            ('{"user": {}}', "(user)"),
            ('{"due_rule": "never"}', "(due_rule)"),
            ('{"opening_account": 999999}', "(opening_account)"),
            (json.dumps({"opening_account": receivable.code}), receivable.code),
        ):
            with self.subTest(text), TemporaryDirectory() as folder:
                path = Path(folder) / "map.json"
                path.write_text(text)
                status, out = self._run(self.DUMP, "--map", path)
                self.assertEqual(status, 2)
                self.assertIn(words, out)
        with self._map(users=None, taxes=None, due_rule=None) as path:
            self.assertEqual(self._run(self.DUMP, "--map", path, "--dry-run")[0], 1)


@tagged("post_install", "-at_install")
class TestMapFile(CommandCommon):
    def test_the_map_is_written_and_read(self):
        run = self._run
        with TemporaryDirectory() as folder:
            path = Path(folder) / "map.json"
            status, out = run(DATA / "company_a.sql.gz", "--map", path)
            self.assertEqual(status, 2)
            self.assertIn("review it", out)
            chosen = json.loads(path.read_text())
            self.assertEqual(chosen["users"]["2"], "mabel")
            self.assertIn("4000-00", chosen["accounts"])
            self.assertIsNone(chosen["pricelists"]["159"])
            own = self.env.company.get_unaffected_earnings_account()
            self.assertEqual(chosen["opening_account"], own.code)
            chosen["accounts"]["4000-00"] = "nowhere"
            path.write_text(json.dumps(chosen))
            status, out = run(DATA / "company_a.sql.gz", "--map", path)
            self.assertEqual(status, 2)
            self.assertIn("GL Accounts nowhere", out)
            chosen["accounts"]["4000-00"] = None
            path.write_text(json.dumps(chosen))
            status, out = run(DATA / "company_a.sql.gz", "--map", path, "--dry-run")
            self.assertEqual(status, 1)
            self.assertIn("contacts: read 86", out)
        last = self.env["bizuno.import.run"].sudo().search([], limit=1)
        self.assertEqual(last._get_choice("user", "2"), self.mabel.id)
        self.assertFalse(last._get_choice("account", "4000-00"))
