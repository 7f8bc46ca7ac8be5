from contextlib import closing
from threading import Barrier, Thread

from odoo import SUPERUSER_ID, api, fields
from odoo.sql_db import db_connect
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestReminderConcurrency(TransactionCase):
    """Two workers with connections of their own; the data is committed, and removed again."""

    def setUp(self):
        super().setUp()
        self.connection = db_connect(self.env.cr.dbname)
        with closing(self.connection.cursor()) as cr:
            env = self._env(cr)
            self.partner_id = env["res.partner"].create({"name": "Concurrent Supply"}).id
            self.reminder_ids = (
                env["bizuno.reminder"]
                .create(
                    [
                        {
                            "name": f"Concurrent {number}",
                            "partner_id": self.partner_id,
                            "recurrence": "d",
                            "date_start": "2020-01-01",
                            "date_next": "2020-01-01",
                            "user_id": env.ref("base.user_admin").id,
                        }
                        for number in range(20)
                    ]
                )
                .ids
            )
            cr.commit()  # pylint: disable=invalid-commit
        self.addCleanup(self._remove)

    def _env(self, cr):
        return api.Environment(cr, SUPERUSER_ID, {})

    def _remove(self):
        with closing(self.connection.cursor()) as cr:
            self._env(cr)["res.partner"].browse(self.partner_id).unlink()
            cr.commit()  # pylint: disable=invalid-commit

    def _state(self):
        """:return: ({reminder: how many activities}, the set of next dates), as committed"""
        with closing(self.connection.cursor()) as cr:
            env = self._env(cr)
            activities = env["mail.activity"].with_context(active_test=False)
            counts = dict(
                activities._read_group(
                    [("bizuno_reminder_id", "in", self.reminder_ids)],
                    ["bizuno_reminder_id"],
                    ["__count"],
                )
            )
            reminders = env["bizuno.reminder"].browse(self.reminder_ids)
            return (
                {reminder.id: count for reminder, count in counts.items()},
                set(reminders.mapped("date_next")),
            )

    def test_two_workers_at_once_make_one_activity_each(self):
        start = Barrier(2)
        errors = []

        def work():
            try:
                with closing(self.connection.cursor()) as cr:
                    env = self._env(cr)
                    start.wait(timeout=30)
                    env["bizuno.reminder"]._cron_surface_due()
            except Exception as error:  # noqa: BLE001  (a thread's failure is the test's)
                errors.append(error)

        # losing the race for a row is said in the log by the database layer
        with mute_logger("odoo.sql_db"):
            workers = [Thread(target=work) for _ in range(2)]
            for worker in workers:
                worker.start()
            for worker in workers:
                worker.join()
        self.assertEqual(errors, [])
        counts, next_dates = self._state()
        self.assertEqual(counts, dict.fromkeys(self.reminder_ids, 1))
        self.assertEqual(next_dates, {fields.Date.add(fields.Date.today(), days=1)})

    def test_a_row_that_another_worker_holds_is_passed_by(self):
        with closing(self.connection.cursor()) as holder:
            held = self._env(holder)["bizuno.reminder"].browse(self.reminder_ids[0])
            held.lock_for_update()
            with closing(self.connection.cursor()) as cr:
                self._env(cr)["bizuno.reminder"]._cron_surface_due()
            counts, _dates = self._state()
            self.assertNotIn(held.id, counts)
            self.assertEqual(len(counts), len(self.reminder_ids) - 1)
            holder.rollback()
        with closing(self.connection.cursor()) as cr:
            self._env(cr)["bizuno.reminder"]._cron_surface_due()
        self.assertEqual(self._state()[0], dict.fromkeys(self.reminder_ids, 1))

    def test_a_row_moved_on_after_the_snapshot_is_not_surfaced_again(self):
        with closing(self.connection.cursor()) as late:
            # its snapshot is older than the other worker's commit
            reminder = self._env(late)["bizuno.reminder"].browse(self.reminder_ids[0])
            self.assertEqual(str(reminder.date_next), "2020-01-01")
            with closing(self.connection.cursor()) as early:
                self._env(early)["bizuno.reminder"]._cron_surface_due()
            self.assertEqual(self._state()[0][reminder.id], 1)
            with mute_logger("odoo.sql_db"):
                self._env(late)["bizuno.reminder"]._cron_surface_due()
        self.assertEqual(self._state()[0], dict.fromkeys(self.reminder_ids, 1))
