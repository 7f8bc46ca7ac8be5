import threading
from contextlib import closing

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger
from psycopg2.errors import UniqueViolation


@tagged("post_install", "-at_install")
class TestContactIdConcurrency(BaseCase):
    """Real connections, real commits; everything is deleted again afterwards."""

    WORKERS = 20

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.addCleanup(self._delete)

    def _delete(self):
        with closing(self.registry.cursor()) as cr:
            cr.execute("DELETE FROM res_partner WHERE name LIKE 'Concurrent %'")
            cr.commit()  # pylint: disable=invalid-commit

    def _in_parallel(self, work):
        """Run work(env, number) in WORKERS transactions that all begin before any ends."""
        barrier = threading.Barrier(self.WORKERS)
        results = [None] * self.WORKERS

        def worker(number):
            with closing(self.registry.cursor()) as cr:
                env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
                # The first statement fixes what the transaction sees: none sees another's commit.
                cr.execute("SELECT 1")
                barrier.wait(timeout=60)
                try:
                    results[number] = work(env, number)
                    cr.commit()  # pylint: disable=invalid-commit
                except Exception as error:  # noqa: BLE001  (a thread's failure is the test's)
                    cr.rollback()
                    results[number] = type(error)

        threads = [threading.Thread(target=worker, args=(n,)) for n in range(self.WORKERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=120)
        return results

    def test_twenty_creations_at_once_get_twenty_ids(self):
        def create(env, number):
            partner = env["res.partner"].create(
                {"name": f"Concurrent {number}", "role_customer": True}
            )
            env.flush_all()
            return partner.ref

        refs = self._in_parallel(create)
        self.assertEqual(len(set(refs)), self.WORKERS)
        self.assertTrue(all(str(ref).startswith("C") for ref in refs), refs)

    def test_of_twenty_that_type_the_same_id_one_passes(self):
        def create(env, number):
            env["res.partner"].create({"name": f"Concurrent {number}", "ref": "RACE-1"})
            env.flush_all()
            return "passed"

        with mute_logger("odoo.sql_db"):
            results = self._in_parallel(create)
        self.assertEqual(results.count("passed"), 1, results)
        self.assertEqual(results.count(UniqueViolation), self.WORKERS - 1, results)
