from unittest.mock import patch

from odoo.tests import TransactionCase, tagged

from .. import hooks


@tagged("post_install", "-at_install")
class TestAgingIndex(TransactionCase):
    """The index on Odoo's table comes with the addon and goes with it."""

    def _definition(self):
        self.env.cr.execute(
            "SELECT indexdef FROM pg_indexes WHERE indexname = %s", [hooks._AGING_INDEX]
        )
        return (self.env.cr.fetchone() or [""])[0]

    def test_created_and_removed(self):
        self.assertIn("(account_id, partner_id) INCLUDE", self._definition())
        hooks._aging_uninstall(self.env)
        self.assertFalse(self._definition())
        hooks._aging_post_init(self.env)
        self.assertIn("reconciled IS NOT TRUE", self._definition())

    def test_a_large_ledger_is_not_locked(self):
        hooks._aging_uninstall(self.env)
        with (
            patch.object(hooks, "_AGING_SMALL_LEDGER", -2),
            patch.object(hooks, "_aging_create_index_concurrently") as later,
        ):
            hooks._aging_post_init(self.env)
            self.assertFalse(self._definition())
            later.assert_not_called()
            self.env.cr.postcommit.run()
        later.assert_called_once_with(self.env.cr.dbname)

    def test_a_failure_is_told_and_undoes_nothing(self):
        with (
            patch.object(hooks, "_aging_index_sql", return_value=hooks.SQL("SELECT 1 / 0")),
            self.assertLogs(hooks._logger, "ERROR"),
            patch("odoo.sql_db._logger"),
            patch.object(hooks, "_AGING_INDEX", "no_such_index"),
        ):
            hooks._aging_create_index_concurrently(self.env.cr.dbname)
