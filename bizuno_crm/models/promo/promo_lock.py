"""A lock that belongs to the session: commits keep it, and the death of the process ends it."""

from contextlib import contextmanager

from odoo.tools import SQL
from psycopg2.extensions import TRANSACTION_STATUS_INERROR


@contextmanager
def session_lock(cr, key):
    """Yield whether this session got the lock; never wait for it.

    :param str key: what is locked
    """
    cr.execute(SQL("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", key))
    (free,) = cr.fetchone()
    try:
        yield free
    finally:
        if free and not cr.closed:
            if cr._cnx.info.transaction_status == TRANSACTION_STATUS_INERROR:
                cr.rollback()  # an aborted transaction has nothing left to lose
            cr.execute(SQL("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", key))
