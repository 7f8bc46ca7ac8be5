"""A large move is taken back in pieces, in the background."""

from contextlib import contextmanager
from unittest import mock

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged

from ...models.importer import bizuno_import_background_mixin, bizuno_import_undo_mixin
from ...models.importer.bizuno_import_record import BizunoImportRecord
from . import test_import_run
from .test_import import ImportCommon


class _TakenBackError(Exception):
    """What was done is not done."""


@freeze_time("2026-11-26")
@tagged("post_install", "-at_install")
class TestUndoInPieces(ImportCommon):
    _proposes_account = True
    _work = test_import_run.TestBackground._work

    def setUp(self):
        super().setUp()
        self.patch(bizuno_import_undo_mixin, "_AT_ONCE", 30)
        self.patch(bizuno_import_undo_mixin, "_PIECE", 9)
        # A piece in each turn.
        self.patch(bizuno_import_background_mixin, "_WORKS", 0)

    def _use(self):
        """What people do with some of it.

        :return: [what stays]
        """
        ordered, renamed, billed = (
            self._partner(one) for one in ("TERM-T4a", "TERM-T1", "TERM-T5a")
        )
        self.env["sale.order"].create({"partner_id": ordered.id})
        renamed.name = "Renamed"
        invoice = self.env["account.move"].search(
            [("partner_id", "=", billed.id), ("journal_id.code", "=", "BZS")], limit=1
        )
        self.assertEqual(invoice.state, "posted")
        payment = Form(
            self.env["account.payment.register"].with_context(
                active_model="account.move", active_ids=invoice.ids
            )
        )
        payment.amount = 1
        payment.save().action_create_payments()
        vendor = self._partner("VEND-1")
        person = vendor.child_ids.filtered(lambda one: one.name == "Rune Hollowell")
        person.phone = "555-17"
        return [ordered, renamed, billed, invoice, vendor, person]

    @contextmanager
    def _dies_in_piece(self, number, error=SystemExit):
        """The server is killed in such a piece, or something else happens to it.

        :return: gives a list: how many records the pieces have, the last of which is lost
        """
        original, pieces = BizunoImportRecord._undo, []

        def undo(records):
            count = len(records)
            original(records)
            pieces.append(count)
            if len(pieces) == number:
                raise error

        with mock.patch.object(BizunoImportRecord, "_undo", undo):
            yield pieces

    def _turns(self, run, most=400):
        for _turn in range(most):
            if run.state != "undoing":
                return
            self._work()

    def test_killed_halfway_it_goes_on_and_what_was_used_stays_and_is_listed(self):
        run = self._import("company_a")
        stays = self._use()
        gone = self._partner("TERM-T6b")
        made = run.sudo()._count_made()
        self.assertGreater(made, 200)
        # The page shows itself anew; nothing is gone yet.
        self.assertEqual(run.action_undo()["tag"], "soft_reload")
        self.assertEqual((run.state, run.progress), ("undoing", 0))
        self.assertEqual(run.sudo()._count_made(), made)
        with self.assertRaisesRegex(UserError, "already being undone"):
            run.action_undo()
        with self.assertRaisesRegex(UserError, "Another move from Bizuno is in progress") as told:
            self._import("company_a")
        # By its name the page knows that it has a sentence for the user.
        self.assertIs(type(told.exception), UserError)
        with self._dies_in_piece(8) as pieces:
            self._work()
        done = sum(pieces[:-1])
        self.assertGreater(done, 15)
        # What was removed in the piece that was not committed is still here.
        self.assertEqual((run.state, run.sudo()._count_made()), ("undoing", made - done))
        self.assertIn(f"{done} of {made}", run.progress_text)
        self.assertEqual(run.progress, 100 * done // made)
        self._turns(run)
        self.assertEqual(run.state, "undone", run.failure)
        for record in stays:
            self.assertTrue(record.exists(), record)
        self.assertEqual(stays[5].parent_id, stays[4])
        self.assertFalse(gone.exists())
        form = Form(run)
        listed = {(row.res_model, row.res_id) for row in run.made_ids}
        self.assertEqual(len(form.made_ids), len(listed))
        self.assertLessEqual({(one._name, one.id) for one in stays}, listed)
        # Besides, only what these need: their people, invoices, terms and journal.
        self.assertLess(len(listed), 40)
        self.assertEqual({row.model_name for row in run.made_ids} & {"Contact"}, {"Contact"})
        self.assertFalse(run.undoing)

    def test_in_pieces_as_much_is_removed_as_at_once(self):
        run = self._import("company_c_pre7")
        self._partner("CUST-02").street = "Mine"
        run.sudo().flush_recordset()
        self.patch(bizuno_import_undo_mixin, "_AT_ONCE", 10_000)
        with self.assertRaises(_TakenBackError), self.env.cr.savepoint():
            run.action_undo()
            self.assertEqual(run.state, "undone")
            expected = sorted(run.made_ids.mapped("key"))
            raise _TakenBackError
        self.env.invalidate_all()
        self.patch(bizuno_import_undo_mixin, "_AT_ONCE", 30)
        run.action_undo()
        self._turns(run)
        self.assertEqual(run.state, "undone")
        self.assertEqual(sorted(run.made_ids.mapped("key")), expected)
        self.assertTrue(expected)

    def test_what_stops_it_is_said_and_pressed_again_it_ends(self):
        run = self._import("company_c_pre7", opening_account_id=False)
        made = run.sudo()._count_made()
        run.action_undo()
        with self._dies_in_piece(3, UserError("No room.")) as pieces:
            self._work()
        self.assertEqual(run.state, "failed")
        self.assertIn("No room. What was removed is gone", run.failure)
        self.assertEqual(run.sudo()._count_made(), made - sum(pieces[:-1]))
        run.action_undo()
        self._turns(run)
        self.assertEqual((run.state, run.made_ids.ids), ("undone", []))

    def test_a_piece_that_the_server_never_lets_end_is_said(self):
        run = self._import("company_c_pre7", opening_account_id=False)
        run.action_undo()
        for _try in range(4):
            with mock.patch.object(BizunoImportRecord, "_undo", side_effect=SystemExit):
                self._work()
        self.assertEqual(run.state, "failed")
        self.assertIn("limit_time_real_cron", run.failure)

    def test_who_is_no_administrator_undoes_nothing(self):
        run = self._import("company_c_pre7", opening_account_id=False)
        for user in (self.users["bizuno_manager"], self.users["bookkeeper"]):
            with self.assertRaises(AccessError):
                run.with_user(user).action_undo()
        self.assertEqual(run.state, "done")
