import threading
import time
from contextlib import closing
from unittest.mock import patch

import psycopg2
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.sql_db import db_connect
from odoo.tests import BaseCase, TransactionCase, get_db_name, tagged
from odoo.tools import mute_logger

from ... import hooks
from ..common import migrate

_STATE = """
SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(%s)
"""


@tagged("post_install", "-at_install")
class TestAgingIndex(TransactionCase):
    """The indexes on Odoo's tables come with the addon and go with it."""

    def _definition(self, name=hooks._AGING_INDEX):
        self.env.cr.execute("SELECT indexdef FROM pg_indexes WHERE indexname = %s", [name])
        return (self.env.cr.fetchone() or [""])[0]

    def test_created_and_removed(self):
        self.assertIn("(account_id, partner_id) INCLUDE", self._definition())
        hooks._aging_uninstall(self.env)
        self.assertFalse(self._definition())
        self.env["bizuno.aged.receivable"].init()
        self.assertIn("reconciled IS NOT TRUE", self._definition())

    def test_documents_of_an_account(self):
        """What Odoo asks of a customer's page, and PostgreSQL of a contact that is deleted."""
        self.assertIn("(commercial_partner_id)", self._definition(hooks._ACCOUNT_INDEX))
        hooks._aging_uninstall(self.env)
        self.assertFalse(self._definition(hooks._ACCOUNT_INDEX))
        self.env["bizuno.aged.receivable"].init()
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        query = "EXPLAIN SELECT 1 FROM account_move WHERE commercial_partner_id IN %s"
        for accounts in ((7,), (7, 8)):
            self.env.cr.execute(query, [accounts])
            self.assertIn(hooks._ACCOUNT_INDEX, str(self.env.cr.fetchall()), accounts)

    def test_replaces_the_one_of_an_earlier_version(self):
        """What updating does; the new one serves companies that age by invoice date, and knows what
        is in dispute."""
        hooks._aging_uninstall(self.env)
        for name in hooks._AGING_INDEXES_BEFORE:
            self.env.cr.execute(f"CREATE INDEX {name} ON account_move_line (account_id)")
        migrate(self.env, "19.0.1.0.1/post-migration")
        self.assertIn("invoice_date", self._definition())
        self.assertIn("no_followup", self._definition())
        self.env.cr.execute(
            "SELECT indexname FROM pg_indexes"
            " WHERE tablename = 'account_move_line' AND indexname ~ 'bizuno'"
        )
        self.assertEqual(self.env.cr.fetchall(), [(hooks._AGING_INDEX,)])

    def test_a_large_ledger_is_not_locked(self):
        hooks._aging_uninstall(self.env)
        with (
            patch.object(hooks, "_AGING_SMALL_LEDGER", -1),
            patch.object(hooks, "_aging_create_index_concurrently") as later,
        ):
            self.env["bizuno.aged.receivable"].init()
            self.assertFalse(self._definition())
            later.assert_not_called()
            self.env.cr.postcommit.run()
        later.assert_called_once_with(self.env.cr.dbname)

    def test_what_is_there_is_not_made_again(self):
        with patch.object(hooks, "_AGING_SMALL_LEDGER", -1):
            self.env["bizuno.aged.receivable"].init()
        self.assertFalse(self.env.cr.postcommit._funcs)

    def test_a_failure_is_told_and_undoes_nothing(self):
        with (
            patch.object(hooks, "_aging_index_sql", return_value=hooks.SQL("SELECT 1 / 0")),
            self.assertLogs(hooks._logger, "ERROR"),
            mute_logger("odoo.sql_db"),
            patch.object(hooks, "_AGING_INDEX", "no_such_index"),
        ):
            hooks._aging_create_index_concurrently(self.env.cr.dbname)


@tagged("post_install", "-at_install")
class TestAgingIndexOnALiveLedger(BaseCase):
    """It is made beside people who write invoices: each has a connection of his own here, and no
    test's transaction is open."""

    def setUp(self):
        super().setUp()
        self.dbname = get_db_name()
        self.addCleanup(hooks._aging_create_index_concurrently, self.dbname)
        self._drop()

    def _execute(self, query, *parameters):
        with closing(self._connect()) as connection, connection.cursor() as cr:
            cr.execute(query, parameters)
            return cr.fetchone() if cr.description else None

    def _connect(self):
        connection = psycopg2.connect(**self._parameters())
        connection.autocommit = True
        return connection

    def _parameters(self):
        # Not out of Odoo's pool: what a test kills is not for others.
        return dict(db_connect(self.dbname).dsn)

    def _drop(self):
        self._execute(f"DROP INDEX IF EXISTS {hooks._AGING_INDEX}, {hooks._ACCOUNT_INDEX}")

    def _state(self, name=hooks._AGING_INDEX):
        """:return: True: valid, False: a rest of an interrupted one, None: it is not there"""
        row = self._execute(_STATE, name)
        return row and row[0]

    def _wait_until(self, query, *parameters):
        end = time.monotonic() + 30
        while not self._execute(query, *parameters)[0]:
            self.assertLess(time.monotonic(), end, query)
            time.sleep(0.02)

    def _start(self):
        thread = threading.Thread(
            target=hooks._aging_create_index_concurrently, args=(self.dbname,)
        )
        thread.start()
        self.addCleanup(thread.join, 30)
        return thread

    def _builder(self):
        """:return: the backend that makes the index, once it waits for others"""
        query = """
            SELECT max(pid) FROM pg_stat_activity
             WHERE datname = current_database() AND query ~ 'INDEX CONCURRENTLY'
               AND pid <> pg_backend_pid() AND wait_event_type = 'Lock'
        """
        self._wait_until(query)
        return self._execute(query)[0]

    def test_is_made(self):
        hooks._aging_create_index_concurrently(self.dbname)
        self.assertIs(self._state(), True)
        self.assertIs(self._state(hooks._ACCOUNT_INDEX), True)

    def test_nobody_waits_for_it(self):
        """Who is in the middle of writing goes on writing, and so does everybody else."""
        with closing(self._connect()) as writer, writer.cursor() as cr:
            writer.autocommit = False
            write = (
                "UPDATE account_move_line SET ref = ref WHERE id = (SELECT min(id) FROM"
                " account_move_line)"
            )
            cr.execute(write)
            thread = self._start()
            self._builder()
            self._execute(
                "BEGIN; SET LOCAL lock_timeout = '200ms';"
                " LOCK account_move_line IN ROW EXCLUSIVE MODE; COMMIT"
            )
            cr.execute("SET LOCAL lock_timeout = '200ms'")
            cr.execute(write)
            self.assertTrue(thread.is_alive())
            writer.commit()
            thread.join(30)
        self.assertIs(self._state(), True)
        self.assertIs(self._state(hooks._ACCOUNT_INDEX), True)

    def test_what_was_interrupted_is_mended(self):
        """PostgreSQL stopped half-way: the next update throws the rest away and makes it anew."""
        for small_ledger in (-1, hooks._AGING_SMALL_LEDGER):
            with self.subTest(small_ledger=small_ledger):
                self._drop()
                self._interrupt()
                self.assertIs(self._state(), False)
                with (
                    patch.object(hooks, "_AGING_SMALL_LEDGER", small_ledger),
                    closing(Registry(self.dbname).cursor()) as cr,
                ):
                    hooks._aging_ensure_index(self._environment(cr))
                    cr.commit()  # pylint: disable=invalid-commit
                self.assertIs(self._state(), True)
                self.assertIs(self._state(hooks._ACCOUNT_INDEX), True)

    def _environment(self, cr):
        return api.Environment(cr, SUPERUSER_ID, {})

    def _interrupt(self):
        with closing(self._connect()) as writer, writer.cursor() as cr:
            writer.autocommit = False
            cr.execute("LOCK account_move_line IN ROW EXCLUSIVE MODE")
            with self.assertLogs(hooks._logger, "ERROR"), mute_logger("odoo.sql_db"):
                thread = self._start()
                self._execute("SELECT pg_terminate_backend(%s)", self._builder())
                thread.join(30)

    def test_two_at_once(self):
        """Two processes that load the addon: one makes it, the other does not wait."""
        with closing(self._connect()) as other, other.cursor() as cr:
            cr.execute("SELECT pg_advisory_lock(hashtext(%s))", [hooks._AGING_INDEX])
            hooks._aging_create_index_concurrently(self.dbname)
            self.assertIsNone(self._state())
