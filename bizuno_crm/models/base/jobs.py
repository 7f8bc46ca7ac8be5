"""The work of scheduled actions: a record at a time, each in a transaction of its own."""

import logging
import random
import time

from odoo.service.model import (
    MAX_TRIES_ON_CONCURRENCY_FAILURE,
    PG_CONCURRENCY_EXCEPTIONS_TO_RETRY,
)
from psycopg2.errors import UniqueViolation

_logger = logging.getLogger(__name__)

# Another worker has just written what this one is about to write: a new transaction sees it. Odoo's
# own `retrying` gives up where both add the same row, a follower of the same contact for example.
CONCURRENCY_ERRORS = (*PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, UniqueViolation)


def run_each(records, work, *, on_failure=None, allow_referencing=False):
    """Work on records one after the other. What is done is committed at once: whoever is killed in
    the middle goes on after the last one, and one that fails keeps no other from its turn.

    A record that another worker holds is left to it, and so is one that no longer exists. `work` is
    called by the holder of the record's lock, again if need be: it asks whether the record still
    waits for it.

    :param records: what is to be worked on, in this order
    :param work: function of one record
    :param on_failure: function of the record and the error, in a transaction of its own; not
        called where other workers were in the way: the next run tries again
    :param allow_referencing: others may refer to the records meanwhile
    """
    cron = records.env["ir.cron"]
    cron._commit_progress(remaining=len(records))

    def work_on(record):
        record.invalidate_recordset()
        if record.try_lock_for_update(allow_referencing=allow_referencing):
            work(record)

    for record in records:
        try:
            in_transaction(record.env, lambda record=record: work_on(record))
        except CONCURRENCY_ERRORS:
            _logger.warning("Others were in the way of %s: the next run tries again", record)
        except Exception as error:
            _logger.exception("The job failed for %s", record)
            if on_failure:
                in_transaction(
                    record.env, lambda record=record, error=error: on_failure(record, error)
                )
        if not cron._commit_progress(1):
            break


def in_transaction(env, work):
    """Do something and commit it; what runs into another worker is tried again, as Odoo tries a
    request again, and what fails is rolled back.

    :param work: function without arguments
    :raises: what `work` raises; one of `CONCURRENCY_ERRORS` after the last try
    """
    for tries_left in reversed(range(MAX_TRIES_ON_CONCURRENCY_FAILURE)):
        try:
            work()
            env.flush_all()
            env.cr.commit()  # pylint: disable=invalid-commit
            return
        except Exception as error:
            env.cr.rollback()
            if not (tries_left and isinstance(error, CONCURRENCY_ERRORS)):
                raise
            # out of step with the others
            time.sleep(random.uniform(0.0, 0.2))
