"""What many classes of tests begin with, set up once and kept from one class to the next."""

# Odoo's `setUpClass` is called for other classes.
# pylint: disable=missing-return,super-method-mismatch

from unittest.mock import patch

from odoo.addons.base.tests.common import BaseCommon
from odoo.modules.registry import Registry
from odoo.tests import get_db_name

# A class that overrides one of these begins with something else.
_HOOKS = (
    "_create_company", "_create_customer", "_create_product", "_create_users",
    "default_env_context", "get_default_groups", "setup_independent_company",
    "setup_independent_user",
)  # fmt: skip


class Kept:
    """Sets up `base` in a transaction that stays open and is never committed. A class of tests
    begins at a savepoint of it, and goes back to that savepoint at its end.

    A class that does not begin with it has a transaction of its own, and would wait for the rows of
    this one. So it is for who lets go of it in time: pytest, by conftest.py.
    """

    def __init__(self, base):
        self.base = base
        self.is_wanted = False
        self._cursor = None
        self._close = None
        self._values = {}

    def serves(self, cls):
        """:return: whether the class of tests begins with what is kept, and nothing in between"""
        return (
            issubclass(cls, self.base)
            and self._get_steps(cls) == self._get_steps(self.base)
            and all(
                getattr(cls, name).__func__ is getattr(self.base, name).__func__ for name in _HOOKS
            )
        )

    def _get_steps(self, cls):
        """:return: the classes whose `setUpClass` runs after Odoo's first one, up to the base's"""
        order = cls.__mro__
        return order[order.index(self.base) : order.index(BaseCommon)]

    def begin(self, cls):
        """What `setUpClass` does for a class that this serves."""
        if not self._cursor:
            self._set_up()
        # What Odoo does before anything is set up: the cursor, test mode.
        with self._cursor_for_all():
            super(BaseCommon, cls).setUpClass()
        for name, value in self._values.items():
            setattr(cls, name, {**value} if isinstance(value, dict) else value)

    def let_go(self):
        if self._cursor:
            self._close()
            self._cursor, self._values = None, {}

    def _set_up(self):
        self._cursor = Registry(get_db_name()).cursor()
        self._close, self._cursor.close = self._cursor.close, lambda: None
        first = type("First", (self.base,), {"__module__": self.base.__module__})
        try:
            with self._cursor_for_all():
                # what it does where nothing is kept
                super(self.base, first).setUpClass()
            first.env.flush_all()
        finally:
            first.doClassCleanups()
        self._values = {
            name: value
            for name, value in vars(first).items()
            if name != "cr" and not name.startswith(("_", "registry")) and "patcher" not in name
        }
        self._cursor.execute("SAVEPOINT kept")
        self._cursor.close = self._back
        self._back()

    def _cursor_for_all(self):
        return patch.object(Registry, "cursor", lambda *args, **kwargs: self._cursor)

    def _back(self):
        cursor = self._cursor
        cursor.execute("ROLLBACK TO SAVEPOINT kept")
        for callbacks in (
            cursor.precommit, cursor.postcommit, cursor.prerollback, cursor.postrollback
        ):  # fmt: skip
            callbacks.clear()
        cursor.transaction.reset()
