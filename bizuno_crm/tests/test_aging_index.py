from unittest.mock import patch

from odoo.modules import load_script
from odoo.tests import TransactionCase, tagged
from odoo.tools import file_path

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

    def test_replaces_the_one_of_an_earlier_version(self):
        """What updating from 19.0.1.0.0 does; the new one serves companies that age by invoice date
        as well."""
        hooks._aging_uninstall(self.env)
        self.env.cr.execute(
            "CREATE INDEX account_move_line_bizuno_aging_idx ON account_move_line (account_id)"
        )
        script = load_script(
            file_path("bizuno_crm/migrations/19.0.1.0.1/post-migration.py"), "bizuno_migration"
        )
        script.migrate(self.env.cr, "19.0.1.0.0")
        self.assertIn("invoice_date", self._definition())
        self.env.cr.execute(
            "SELECT indexname FROM pg_indexes"
            " WHERE tablename = 'account_move_line' AND indexname ~ 'bizuno'"
        )
        self.assertEqual(self.env.cr.fetchall(), [(hooks._AGING_INDEX,)])

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
