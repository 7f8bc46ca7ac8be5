"""People who do something at the same moment, each over a connection of their own."""

from contextlib import closing
from threading import Barrier, Thread

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, get_db_name
from odoo.tools import mute_logger


class ConcurrencyCase(BaseCase):
    """The data is committed; what `_forget` is told of is deleted again."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())

    def _env(self, cr):
        company = api.Environment(cr, SUPERUSER_ID, {})["res.company"].search([], limit=1)
        return api.Environment(cr, SUPERUSER_ID, {"allowed_company_ids": company.ids})

    def _commit(self, work):
        """:return: what the work returns, done and committed on its own"""
        with closing(self.registry.cursor()) as cr:
            result = work(self._env(cr))
            cr.commit()  # pylint: disable=invalid-commit
            return result

    def _forget(self, *records):
        """Delete the records, in this order, when the test is over."""
        names = [(some._name, some.ids) for some in records]

        def delete(env):
            for name, ids in names:
                env[name].with_context(active_test=False).browse(ids).exists().unlink()

        self.addCleanup(self._commit, delete)

    def _at_once(self, *works):
        """Each work gets an environment whose picture of the database is older than all the others'
        commits, and is tried again as Odoo tries a request again.

        :return: what the works returned, or the UserError they were refused with
        """
        barrier = Barrier(len(works))
        results = [None] * len(works)

        def do(position, work):
            with closing(self.registry.cursor()) as cr:
                cr.execute("SELECT 1")
                env = self._env(cr)
                barrier.wait(timeout=60)
                try:
                    results[position] = retrying(lambda: work(env), env)
                except UserError as refusal:
                    results[position] = refusal
                except Exception as problem:  # noqa: BLE001  (a thread's failure is the test's)
                    results[position] = problem

        threads = [Thread(target=do, args=pair) for pair in enumerate(works)]
        # Losing a race for a row is said in the log, and tried again.
        with mute_logger("odoo.sql_db", "odoo.service.model"):
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(timeout=120)
        for result in results:
            if isinstance(result, Exception) and not isinstance(result, UserError):
                raise result
        return results
