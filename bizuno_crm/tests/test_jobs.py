from contextlib import closing
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2.errors import SerializationFailure

from ..models.base.jobs import run_each
from .common_concurrency import ConcurrencyCase

_JOBS = "odoo.addons.bizuno_crm.models.base.jobs"


@tagged("post_install", "-at_install")
class TestJobs(ConcurrencyCase):
    """The work of scheduled actions, over connections of their own: what is done is committed."""

    def setUp(self):
        super().setUp()
        self.ids = self._commit(self._create)

    def _create(self, env):
        tags = env["res.partner.category"].create([{"name": f"Job {n}"} for n in range(4)])
        self._forget(tags)
        return tags.ids

    def _run(self, work, **options):
        """Run the job in a transaction of its own."""
        with closing(self.registry.cursor()) as cr:
            run_each(self._env(cr)["res.partner.category"].browse(self.ids), work, **options)

    def _done(self):
        """:return: how often each was worked on, as committed"""
        return self._commit(
            lambda env: [
                tag.name.count("done")
                for tag in env["res.partner.category"].browse(self.ids).exists()
            ]
        )

    def _do(self, tag):
        tag.name = f"{tag.name} done"

    def test_one_that_fails_keeps_no_other_from_its_turn(self):
        told = []

        def work(tag):
            self._do(tag)
            if tag.id == self.ids[1]:
                raise ValueError("The printer is on fire.")

        def tell(tag, error):
            told.append((tag.id, str(error)))
            tag.color = 7

        with self.assertLogs(_JOBS, "ERROR") as logs:
            self._run(work, on_failure=tell)
        self.assertEqual(self._done(), [1, 0, 1, 1], "what failed is rolled back")
        self.assertEqual(told, [(self.ids[1], "The printer is on fire.")])
        self.assertIn(f"res.partner.category({self.ids[1]},)", logs.output[0])
        colors = self._commit(
            lambda env: env["res.partner.category"].browse(self.ids).mapped("color")
        )
        self.assertEqual(colors[1], 7)

    def test_what_runs_into_another_worker_is_tried_again(self):
        tries = []
        other = self.ids[3]

        def work(tag):
            tries.append(tag.id)
            self._do(tag)
            if len(tries) == 1:
                # somebody commits a row that this transaction has a picture of
                self._commit(
                    lambda env: env["res.partner.category"].browse(other).write({"color": 3})
                )
            if tag.id == self.ids[0]:
                tag.browse(other).color = 5
                tag.flush_model()

        with mute_logger("odoo.sql_db"):
            self._run(work)
        self.assertEqual(tries, [self.ids[0], *self.ids])
        self.assertEqual(self._done(), [1, 1, 1, 1])

    def test_what_never_gets_through_is_left_to_the_next_run(self):
        def work(tag):
            self._do(tag)
            if tag.id == self.ids[2]:
                raise SerializationFailure

        told = []
        with self.assertLogs(_JOBS, "WARNING") as logs:
            self._run(work, on_failure=lambda tag, _error: told.append(tag))
        self.assertEqual((self._done(), told), ([1, 1, 0, 1], []))
        self.assertIn("the next run tries again", logs.output[0])
        self.assertEqual(len(logs.output), 1)

    def test_who_was_killed_goes_on_where_he_was(self):
        def killed(tag):
            self._do(tag)
            if tag.id == self.ids[2]:
                raise KeyboardInterrupt

        with self.assertRaises(KeyboardInterrupt):
            self._run(killed)
        self.assertEqual(self._done(), [1, 1, 0, 0])
        self._run(lambda tag: "done" in tag.name or self._do(tag))
        self.assertEqual(self._done(), [1, 1, 1, 1])

    def test_what_another_holds_or_has_deleted_is_passed_by(self):
        self._commit(lambda env: env["res.partner.category"].browse(self.ids[3]).unlink())
        with closing(self.registry.cursor()) as holder:
            self._env(holder)["res.partner.category"].browse(self.ids[1]).lock_for_update()
            self._run(self._do)
            holder.rollback()
        self.assertEqual(self._done(), [1, 0, 1])

    def test_it_ends_with_its_time(self):
        left = [float("inf"), 10, 0]

        def commit(cron, _processed=0, **_options):
            cron.env.cr.commit()  # pylint: disable=invalid-commit
            return left.pop(0)

        with patch.object(self.registry["ir.cron"], "_commit_progress", commit):
            self._run(self._do)
        self.assertEqual((self._done(), left), ([1, 1, 0, 0], []))
