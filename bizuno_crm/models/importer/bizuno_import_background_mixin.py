import base64
import io
import logging
import time

from odoo import api, fields, models
from odoo.exceptions import LockError, UserError

from ... import messages
from ...logic.bizuno_dump.problems import Problem
from ..base.jobs import CONCURRENCY_ERRORS, in_transaction
from .importer import STEPS
from .pieces import PieceEnded, counted

_logger = logging.getLogger(__name__)

#: How often a step is begun that the server does not let come to its end.
_TRIES = 3
# Seconds between two looks at how far it is.
_TOLD_EVERY = 1
# Seconds that the scheduled action works at a time, and on a piece of a step. The server ends it
# after two minutes, or one of its processor, of which reading the file takes some.
_WORKS, _PIECE = 25, 15


# States of a run that nothing else may be done beside.
_AT_WORK = ("running", "undoing")


class _Busy(UserError):
    """Another company is being brought over."""


class _Cancelled(Exception):
    """Somebody has cancelled the run; the step that is under way is taken back."""


class BizunoImportBackgroundMixin(models.AbstractModel):
    """A move in the background, or by the command: a step in each transaction, or a piece of a long
    one. Who is interrupted goes on behind the last one that was done.

    What is told meanwhile stands in the run's own row, which no step writes, and what a step has
    done in a `bizuno.import.step`: so that neither waits for the other.
    """

    _name = "bizuno.import.background.mixin"
    _description = "Move from Bizuno in the Background"

    @api.model
    def _bring_over_later(self, bizuno_company, expected, file, file_name, mapping, **options):
        """As `_bring_over`, by the scheduled action, a step at a time.

        :param dict expected: what `_count` has given
        :param bytes file: the file
        :param options: of `_get_vals`
        :return: the run, which waits
        """
        self._check_administrator()
        self._check_fits(bizuno_company)
        vals = self._get_vals(file_name, lambda: io.BytesIO(file), mapping, **options)
        run = self.sudo().create(
            {**vals, "state": "waiting", "file": base64.b64encode(file), "expected": expected}
        )
        self._wake()
        return run.sudo(False)

    @api.model
    def _bring_over_now(self, bizuno_company, file_name, open_file, mapping, **options):
        """As `_bring_over`, a step at a time, and at once. What was interrupted, with the same
        file, goes on; where something else is chosen now, from the beginning.

        :return: the run
        :raise UserError: another one is under way
        """
        self._check_administrator()
        self._check_fits(bizuno_company)
        vals = self._get_vals(file_name, open_file, mapping, **options)
        begun = []

        def begin():
            run = self.sudo().search(
                [
                    ("company_id", "=", vals["company_id"]),
                    ("sha256", "=", vals["sha256"]),
                    ("is_trial", "=", vals["is_trial"]),
                    ("state", "in", ("running", "failed")),
                ],
                limit=1,
            )
            run = run.filtered(lambda unfinished: not unfinished.file)
            run._lock()
            if not run:
                run = self.sudo().create(vals)
            elif (chosen := run._get_chosen()) != {name: vals[name] for name in chosen}:
                run.step_ids.unlink()
            run.write({**vals, "state": "running", "tries": 0, "failure": False})
            begun[:] = run

        in_transaction(self.env, begin)
        [run] = begun
        run._go_on(open_file, lambda: True, bizuno_company)
        return run.sudo(False)

    def _wake(self, at=None):
        self.env.ref("bizuno_crm.ir_cron_import").sudo()._trigger(at)

    @api.model
    def _cron_go_on(self):
        cron, begun = self.env["ir.cron"], time.monotonic()
        runs = self.search([("state", "in", ("waiting", *_AT_WORK))], order="id")
        # The command works on its own ones, and their file is not kept.
        runs = runs.filtered(lambda run: run.file or run.state == "undoing")
        if not cron._commit_progress(remaining=len(runs) * (len(STEPS) + 1)):
            # Once for each turn of the server's: it counts all of them as one.
            return

        def has_time():
            cron._commit_progress(1)
            return time.monotonic() < begun + _WORKS

        for run in runs:
            if run.state == "undoing":
                has_ended = run._go_on_undoing(has_time)
            else:
                file = base64.b64decode(run.file)
                has_ended = run._go_on(lambda file=file: io.BytesIO(file), has_time)
            if not has_ended:
                return
        cron._commit_progress(remaining=0)

    def _go_on(self, open_file, has_time, bizuno_company=None):
        """Do the steps that are not done.

        :param has_time: function that says whether there is time for another step
        :param bizuno_company: what was read of the file, if it was
        :return: whether the run has come to an end, whichever
        """
        self.ensure_one()

        def go_on():
            self._begin("running")
            run = self.with_company(self.company_id)
            company = bizuno_company or run._read_company(open_file)
            run._check_fits(company)
            return self._try_all(company) if self.is_trial else self._do_rest(company, has_time)

        return self._survive(go_on)

    def _go_on_undoing(self, has_time):
        """As `_go_on`, for a run that is being undone."""
        self.ensure_one()

        def go_on():
            self._begin("undoing")
            return self._undo_rest(has_time)

        return self._survive(go_on)

    def _survive(self, work):
        """Work on the run, and note in it what has stopped it.

        :return: what `work` returns: whether the run has come to an end, whichever
        """
        try:
            return work()
        except _Cancelled:
            self.env.cr.rollback()
        except (_Busy, *CONCURRENCY_ERRORS) as error:
            self.env.cr.rollback()
            _logger.info("Others were in the way of %s", self)
            if self.file or self.state == "undoing":
                self._wake(fields.Datetime.add(fields.Datetime.now(), minutes=1))
            else:
                # The command is called again by somebody, or never.
                is_busy = isinstance(error, _Busy)
                self._stop(str(error) if is_busy else messages.import_disturbed(self.env))
        except KeyboardInterrupt:
            self.env.cr.rollback()
            self._stop(messages.import_interrupted(self.env))
        except Exception as error:
            self.env.cr.rollback()
            if not isinstance(error, UserError):
                _logger.exception("The move from Bizuno has stopped")
            self._stop(str(error.args[0] if error.args else type(error).__name__))
        return True

    def _stop(self, reason):
        if self.state == "undoing":
            text = messages.import_undo_stopped(self.env, reason)
        else:
            text = reason if self.is_trial else messages.import_stopped(self.env, reason)
        in_transaction(self.env, lambda: self.write({"state": "failed", "failure": text}))

    def _begin(self, state):
        self.with_user(self.user_id)._check_administrator()
        if self.tries >= _TRIES:
            raise UserError(messages.import_killed(self.env, self.progress_text))

        def begin():
            self._lock()
            self.write({"state": state, "tries": self.tries + 1})

        in_transaction(self.env, begin)

    def _do_rest(self, bizuno_company, has_time):
        importer = None
        for step in STEPS:
            while not self._is_done(step):
                importer = self._do_in_transaction(step, bizuno_company, importer)
                if self._is_done(step):
                    self._tell(step, (self.expected or {}).get(step, 0), tries=1)
                else:
                    self._tell(step, self.progress_done, tries=1)
                if not has_time():
                    return False
        # What is told is written beside this transaction, which had begun by then: the report is
        # written in one that has seen it.
        in_transaction(self.env, self._check_cancelled)
        in_transaction(
            self.env,
            lambda: self._finish(
                bizuno_company, importer or self._importer_of_rest(bizuno_company)
            ),
        )
        return True

    def _do_in_transaction(self, step, bizuno_company, importer):
        """
        :param importer: of the step before
        :return: the importer of the step. One whose step was taken back is of no use: it remembers
            what is gone with that.
        """
        fit, used = [importer] if importer else [], []

        def work():
            self._lock()
            used[:] = [fit.pop() if fit else self._importer_of_rest(bizuno_company)]
            self._do_step(used[0], step)

        in_transaction(self.env, work)
        return used[0]

    def _importer_of_rest(self, bizuno_company):
        """:return: an importer for the steps that are not done, which knows what the others made"""
        importer = self._importer(bizuno_company)
        importer.on_progress = _Teller(self)
        # The command is ended by nobody.
        importer.piece_seconds = self.file and _PIECE
        for step in STEPS:
            if self._is_done(step):
                importer.recall(step)
        return importer

    def _is_done(self, step):
        return any(
            step_record.name == step and not step_record.rest for step_record in self.step_ids
        )

    def _do_step(self, importer, step):
        self._lock()
        self._check_cancelled()
        begun = self.step_ids.filtered(lambda step_record: step_record.name == step)
        rest = begun and begun.rest | {
            "counts": begun.counts or {},
            "problems": [Problem(*problem) for problem in begun.problems or ()],
        }
        try:
            counts, problems = importer.bring_over(step, rest or None)
            rest = False
        except PieceEnded as ended:
            counts, problems, rest = counted(importer.counts), importer.problems, ended.rest
        # What is told once was told in the piece before, too.
        vals = {"counts": counts, "problems": [*dict.fromkeys(problems)], "rest": rest}
        if begun:
            begun.write(vals)
        else:
            begun.create({**vals, "run_id": self.id, "name": step})

    def _finish(self, bizuno_company, importer):
        self._check_cancelled()
        results = [
            (step.name, step.counts or {}, [Problem(*problem) for problem in step.problems or ()])
            for step in self.step_ids
        ]
        self._keep_report(
            bizuno_company, results, importer.documents and importer.documents.get_proof()
        )
        self.step_ids.unlink()
        self.write({"state": "done", "file": False, "date": fields.Datetime.now()})

    def _try_all(self, bizuno_company):
        self._lock()
        results, proof = self._do_steps(bizuno_company, _Teller(self))
        self.env.cr.rollback()

        def keep():
            self._check_cancelled()
            self._keep_report(bizuno_company, results, proof)
            self.write({"state": "trial", "file": False, "date": fields.Datetime.now()})

        in_transaction(self.env, keep)
        return True

    def _check_cancelled(self):
        self.invalidate_recordset(["state"])
        if self.state == "cancelled":
            raise _Cancelled

    def _tell(self, step, done, **values):
        """Say how far it is, and hear whether it is to go on: at once, whatever the step itself
        comes to."""
        with self.env.registry.cursor() as cr:
            run = self.with_env(self.env(cr=cr))
            run._check_cancelled()
            run.write({"progress_step": step, "progress_done": done, **values})

    def action_cancel(self):
        """Stop a run that is under way: the step that it is in is taken back; what is done stays,
        until it is undone.

        :raise UserError: it is over
        """
        self._check_administrator()
        self.ensure_one()
        if self.state not in ("waiting", "running"):
            raise UserError(messages.import_is_over(self.env, self))
        self.sudo().state = "cancelled"
        return True

    def action_go_on(self):
        """Go on with a run that was cancelled, or has stopped.

        :raise UserError: it is over
        """
        self._check_administrator()
        self.ensure_one()
        if self.state not in ("cancelled", "failed") or not self.file:
            raise UserError(messages.import_is_over(self.env, self))
        self.sudo().write({"state": "waiting", "tries": 0, "failure": False})
        self._wake()
        return True

    def _lock(self):
        """One at a time: who comes second is told, and does not wait."""
        try:
            self.env.ref("bizuno_crm.bizuno_import_action").sudo().lock_for_update()
        except LockError as error:
            raise _Busy(messages.import_under_way(self.env)) from error
        running = [("state", "in", _AT_WORK), ("id", "not in", self.ids)]
        if run := self.sudo().search(running, limit=1):
            raise _Busy(messages.import_under_way(self.env, run))

    def _lock_for_user(self):
        """As `_lock`, for who presses a button: pages show the sentence of Odoo's own exceptions
        alone, and of any other that something went wrong."""
        try:
            self._lock()
        except _Busy as error:
            raise UserError(str(error)) from error


class _Teller:
    """Tells how far a run is, not more often than anybody looks."""

    def __init__(self, run):
        self.run, self.next = run, 0.0

    def __call__(self, step, done):
        if time.monotonic() >= self.next:
            self.run._tell(step, done)
            self.next = time.monotonic() + _TOLD_EVERY
