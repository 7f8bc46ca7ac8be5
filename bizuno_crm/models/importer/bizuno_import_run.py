import base64
import hashlib
import io
import logging
import time
from collections import Counter
from contextlib import contextmanager
from functools import partial

from odoo import api, fields, models
from odoo.exceptions import AccessError, LockError, UserError
from odoo.tools.misc import Callbacks

from ... import messages
from ...logic.bizuno_dump import faults, files
from ...logic.bizuno_dump.problems import FileError, Problem
from ..base.jobs import CONCURRENCY_ERRORS, in_transaction
from ..base.withhold import withhold
from . import report
from .documents import Documents
from .exchange import ContactImporter
from .gone import others_here
from .importer import LEFT_OUT, STEPS
from .pieces import PieceEnded, counted
from .proposals import opening_account, propose

_logger = logging.getLogger(__name__)

#: How often a step is begun that the server does not let come to its end.
_TRIES = 3
# Seconds between two looks at how far it is.
_TOLD_EVERY = 1
# Seconds that the scheduled action works at a time, and on a piece of a step. The server ends it
# after two minutes, or one of its processor, of which reading the file takes some.
_WORKS, _PIECE = 25, 15


class _Undone(Exception):
    """Takes back what a trial run has written."""


class _Busy(UserError):
    """Another company is being brought over."""


class _Cancelled(Exception):
    """Somebody has cancelled the run; the step that is under way is taken back."""


class BizunoImportRun(models.Model):
    """A move of a Bizuno company into a company of Odoo: what was read, what became of it, and
    whatever was in the way. Written by the move alone, for administrators.

    A small company comes over at once, in one transaction. A large one comes over in the
    background, a step in each transaction, or a piece of a long one: who is interrupted goes on
    behind the last one that was done. What is told meanwhile stands in the run's own row, which no
    step writes, and what a step has done in a `bizuno.import.step`: so that neither waits for the
    other.
    """

    _name = "bizuno.import.run"
    _description = "Move from Bizuno"
    _order = "id desc"

    date = fields.Datetime(
        string="Done On", required=True, readonly=True, default=fields.Datetime.now
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Done By",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
    )
    company_id = fields.Many2one(comodel_name="res.company", required=True, readonly=True)
    file_name = fields.Char(string="File", readonly=True)
    sha256 = fields.Char(string="SHA-256", readonly=True, help="Identifies the file.")
    file = fields.Binary(
        string="Dump", readonly=True, attachment=True, help="Kept until the run ends."
    )
    is_trial = fields.Boolean(string="Trial Run", readonly=True)
    state = fields.Selection(
        selection=[
            ("waiting", "Waiting"),
            ("running", "In progress"),
            ("trial", "Trial run"),
            ("done", "Done"),
            ("cancelled", "Cancelled"),
            ("failed", "Stopped"),
            ("undone", "Undone"),
        ],
        required=True,
        readonly=True,
        default="done",
    )
    expected = fields.Json(readonly=True)
    progress_step = fields.Char(readonly=True)
    progress_done = fields.Integer(readonly=True)
    progress = fields.Integer(string="Progress (%)", compute="_compute_progress")
    progress_text = fields.Text(string="Current Step", compute="_compute_progress")
    tries = fields.Integer(readonly=True)
    failure = fields.Text(string="Why It Stopped", readonly=True)
    step_ids = fields.One2many(comodel_name="bizuno.import.step", inverse_name="run_id")
    counts = fields.Json(readonly=True)
    mapping = fields.Json(readonly=True)
    opening_account_id = fields.Many2one(comodel_name="account.account", readonly=True)
    due_rule = fields.Selection(
        selection=lambda self: messages.import_due_rules(self.env), string="Due", readonly=True
    )
    overwrite = fields.Boolean(
        string="Overwrite What Was Changed Here",
        readonly=True,
        help="What somebody had changed in Odoo since was given Bizuno's value again.",
    )
    proof = fields.Json(readonly=True)
    reasons = fields.Json(readonly=True)
    faults = fields.Json(readonly=True)
    problem_count = fields.Integer(string="Problems", readonly=True)
    left_out_count = fields.Integer(
        string="Rows Left Out", readonly=True, help="Because of a problem."
    )
    report = fields.Html(compute="_compute_report", sanitize=False)
    sheet = fields.Binary(string="Problem Spreadsheet", readonly=True, attachment=True)
    sheet_name = fields.Char(compute="_compute_file_names")
    report_sheet = fields.Binary(string="Report Spreadsheet", readonly=True, attachment=True)
    report_sheet_name = fields.Char(compute="_compute_file_names")
    record_ids = fields.One2many(comodel_name="bizuno.import.record", inverse_name="run_id")

    @api.depends("file_name", "date")
    def _compute_display_name(self):
        for run in self:
            run.display_name = f"{run.file_name or ''} · {fields.Date.to_string(run.date)}"

    @api.depends("counts", "proof", "reasons", "faults")
    @api.depends_context("lang")
    def _compute_report(self):
        for run in self:
            run.report = self.env["ir.qweb"]._render(
                "bizuno_crm.bizuno_import_report", report.values(run)
            )

    def _compute_file_names(self):
        self.sheet_name = "problems.xlsx"
        self.report_sheet_name = "report.xlsx"

    @api.depends("state", "expected", "progress_step", "progress_done")
    @api.depends_context("lang")
    def _compute_progress(self):
        labels = messages.import_step_labels(self.env)
        for run in self:
            expected = Counter(run.expected or {})
            step = run.progress_step if run.progress_step in STEPS else STEPS[0]
            at = STEPS.index(step)
            done = min(run.progress_done, expected[step])
            passed = sum(expected[name] for name in STEPS[:at]) + done
            run.progress = 100 * passed // (expected.total() or 1)
            following = next((labels[name] for name in STEPS[at + 1 :] if expected[name]), "")
            run.progress_text = messages.import_progress(
                self.env, run.state, labels[step], done, expected[step], following
            )

    @api.model
    def _check_administrator(self):
        if not self.env.user.has_group("base.group_system"):
            raise AccessError(messages.import_for_administrators(self.env))

    # what is read and asked before
    @api.model
    def _read_company(self, open_file):
        """
        :param open_file: callable that opens the file anew, as binary file
        :return: `logic.bizuno_dump.company.Company`
        :raise UserError: the file cannot be used; says why, and the remedy
        """
        try:
            return files.read(open_file)
        except FileError as error:
            raise UserError(messages.import_file_refused(self.env, error)) from error

    @api.model
    def _get_proposals(self, found):
        """
        :return: {kind: {code: (id or False, whether it was chosen the last time)}}, see
            `proposals.propose`
        """
        return propose(self.env.company.sudo(), found.choices, self._get_last_mapping())

    @api.model
    def _get_opening_account(self):
        """
        :return: the `account.account` that is proposed, as superuser; see
            `proposals.opening_account`
        """
        return opening_account(self.env.company.sudo(), self._get_last().opening_account_id)

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        return withhold(
            super().fields_get(allfields, attributes), ("progress_done", "progress_step", "tries")
        )

    @api.model
    def _get_last(self):
        return self.sudo().search([("company_id", "=", self.env.company.id)], limit=1)

    @api.model
    def _get_last_mapping(self):
        last = self._get_last()
        # Before there was more to map than users, their numbers stood here alone.
        return {
            kind: chosen
            for kind, chosen in (last.mapping or {}).items()
            if isinstance(chosen, dict)
        }

    @api.model
    def _count(self, found):
        """
        :return: {step: how many rows of the file it will read}: by the steps themselves, so that
            what is announced is what is done
        """
        self._check_administrator()
        vals = {"company_id": self.env.company.id, "user_id": self.env.uid, "mapping": {},
                "date": fields.Datetime.now()}  # fmt: skip
        with self._taken_back():
            return self.sudo().new(vals)._importer(found).count()

    @api.model
    def _check_fits(self, found):
        """
        :raise UserError: the company in the file cannot come into this one
        """
        company = self.env.company
        if found.currency and found.currency != company.currency_id.name:
            raise UserError(messages.import_currency(self.env, found.currency, company))
        if others := others_here(company.sudo(), found):
            raise UserError(messages.import_other_company(self.env, company, *others))

    # at once
    @api.model
    def _bring_over(self, found, file_name, open_file, mapping, is_trial=False, **options):
        """Bring a company over, as a whole or not at all.

        :param found: what `_read_company` has read
        :param dict mapping: {kind: {code: id or False}}, what was chosen
        :param bool is_trial: do everything, take it back and keep the report
        :param options: of `_get_vals`
        :return: the run
        """
        self._check_administrator()
        self._check_fits(found)
        self._lock()
        vals = self._get_vals(file_name, open_file, mapping, is_trial, **options)
        runs = self.sudo()
        if is_trial:
            with self._taken_back():
                results, proof = runs.create(vals)._do_steps(found)
            run = runs.create({**vals, "state": "trial"})
        else:
            run = runs.create(vals)
            results, proof = run._do_steps(found)
        run._keep_report(found, results, proof)
        return run.sudo(False)

    @api.model
    def _get_vals(
        self, file_name, open_file, mapping, is_trial, account=None, rule="own_rule",
        overwrite=False,
    ):  # fmt: skip
        """
        :param account: `account.account` against which the open documents are booked; without one
            they stay in Bizuno, and are told
        :param str rule: by which these are due, one of `ledger.RULES`
        :param bool overwrite: write what the file says where somebody has changed it here, too
        :return: the values of a run
        """
        last = self._get_last_mapping()
        return {
            "company_id": self.env.company.id,
            "file_name": file_name,
            "sha256": _sha256(open_file),
            # What was chosen for something that this file does not name stays known.
            "mapping": {
                kind: last.get(kind, {}) | mapping.get(kind, {}) for kind in {*last, *mapping}
            },
            "is_trial": is_trial,
            "opening_account_id": account.id if account else False,
            "due_rule": rule,
            "overwrite": overwrite,
        }

    @contextmanager
    def _taken_back(self):
        """What is done inside is not done in the end, nor what is to follow the commit of it; what
        others have asked for stays asked for."""
        cr = self.env.cr
        waiting, cr.postcommit = cr.postcommit, Callbacks()
        try:
            with cr.savepoint():
                yield
                raise _Undone
        except _Undone:
            self.env.invalidate_all(flush=False)
        finally:
            cr.postcommit = waiting

    def _lock(self):
        """One at a time: who comes second is told, and does not wait."""
        try:
            self.env.ref("bizuno_crm.bizuno_import_action").sudo().lock_for_update()
        except LockError as error:
            raise _Busy(messages.import_under_way(self.env)) from error
        running = [("state", "=", "running"), ("id", "not in", self.ids)]
        if run := self.sudo().search(running, limit=1):
            raise _Busy(messages.import_under_way(self.env, run))

    def _importer(self, found):
        """:return: the importer of the run, which writes as the superuser what an administrator
        has chosen to bring over: numbers of projects and authors of calls among it"""
        user = self.user_id or self.env.user
        run = self.with_user(user).sudo().with_company(self.company_id)
        run = run.with_context(lang=user.lang, tz=user.tz)
        users = {id_: user for id_, user in (run.mapping or {}).get("user", {}).items() if user}
        documents = partial(Documents, account=run.opening_account_id, rule=run.due_rule)
        return ContactImporter(run.env, run, found, users, documents)

    def _get_chosen(self):
        return {
            "mapping": self.mapping,
            "opening_account_id": self.opening_account_id.id,
            "due_rule": self.due_rule,
            "overwrite": self.overwrite,
        }

    def _get_choice(self, kind, code):
        """:return: id of what was chosen, False if nothing was, None if it was not asked"""
        return (self.mapping or {}).get(kind, {}).get(code)

    def _do_steps(self, found, on_progress=None):
        """:return: ([(step, counts, problems)], what is open by the file and here, see
        `Documents.get_proof`)"""
        self.ensure_one()
        importer = self._importer(found)
        importer.on_progress = on_progress
        results = [(step, *importer.bring_over(step)) for step in STEPS]
        return results, importer.documents and importer.documents.get_proof()

    def _keep_report(self, found, results, proof):
        counts, problems = {step: Counter() for step in STEPS}, [*found.problems]
        for _step, its_counts, its_problems in results:
            for name, count in its_counts.items():
                counts[name].update(count)
            problems += its_problems
        today = fields.Date.context_today(self)
        self.write(
            {
                "counts": {step: dict(+count) for step, count in counts.items()},
                "problem_count": len(problems),
                "left_out_count": sum(one.code in LEFT_OUT for one in problems),
                "reasons": report.reasons(problems),
                "faults": [(one.code, one.about) for one in faults.find(found, today)],
                "sheet": base64.b64encode(report.problem_sheet(self.env, problems)),
                "proof": proof,
            }
        )
        self.report_sheet = base64.b64encode(report.workbook(self))

    # in the background
    @api.model
    def _bring_over_later(self, found, expected, file, file_name, mapping, **options):
        """As `_bring_over`, by the scheduled action, a step at a time.

        :param dict expected: what `_count` has given
        :param bytes file: the file
        :param options: of `_get_vals`
        :return: the run, which waits
        """
        self._check_administrator()
        self._check_fits(found)
        vals = self._get_vals(file_name, lambda: io.BytesIO(file), mapping, **options)
        run = self.sudo().create(
            {**vals, "state": "waiting", "file": base64.b64encode(file), "expected": expected}
        )
        self._wake()
        return run.sudo(False)

    @api.model
    def _bring_over_now(self, found, file_name, open_file, mapping, **options):
        """As `_bring_over`, a step at a time, and at once. What was interrupted, with the same
        file, goes on; where something else is chosen now, from the beginning.

        :return: the run
        :raise UserError: another one is under way
        """
        self._check_administrator()
        self._check_fits(found)
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
            run = run.filtered(lambda one: not one.file)
            run._lock()
            if not run:
                run = self.sudo().create(vals)
            elif (chosen := run._get_chosen()) != {name: vals[name] for name in chosen}:
                run.step_ids.unlink()
            run.write({**vals, "state": "running", "tries": 0, "failure": False})
            begun[:] = run

        in_transaction(self.env, begin)
        [run] = begun
        run._go_on(open_file, lambda: True, found)
        return run.sudo(False)

    def _wake(self, at=None):
        self.env.ref("bizuno_crm.ir_cron_import").sudo()._trigger(at)

    @api.model
    def _cron_go_on(self):
        cron, begun = self.env["ir.cron"], time.monotonic()
        runs = self.search([("state", "in", ("waiting", "running"))], order="id")
        # The command works on its own ones, and their file is not kept.
        runs = runs.filtered("file")
        if not cron._commit_progress(remaining=len(runs) * (len(STEPS) + 1)):
            # Once for each turn of the server's: it counts all of them as one.
            return

        def has_time():
            cron._commit_progress(1)
            return time.monotonic() < begun + _WORKS

        for run in runs:
            file = base64.b64decode(run.file)
            if not run._go_on(lambda file=file: io.BytesIO(file), has_time):
                return
        cron._commit_progress(remaining=0)

    def _go_on(self, open_file, has_time, found=None):
        """Do the steps that are not done.

        :param has_time: function that says whether there is time for another step
        :param found: what was read of the file, if it was
        :return: whether the run has come to an end, whichever
        """
        self.ensure_one()
        try:
            self._begin()
            run = self.with_company(self.company_id)
            found = found or run._read_company(open_file)
            run._check_fits(found)
            return self._try_all(found) if self.is_trial else self._do_rest(found, has_time)
        except _Cancelled:
            self.env.cr.rollback()
        except (_Busy, *CONCURRENCY_ERRORS) as error:
            self.env.cr.rollback()
            _logger.info("Others were in the way of %s", self)
            if self.file:
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
        text = reason if self.is_trial else messages.import_stopped(self.env, reason)
        in_transaction(self.env, lambda: self.write({"state": "failed", "failure": text}))

    def _begin(self):
        self.with_user(self.user_id)._check_administrator()
        if self.tries >= _TRIES:
            raise UserError(messages.import_killed(self.env, self.progress_text))

        def begin():
            self._lock()
            self.write({"state": "running", "tries": self.tries + 1})

        in_transaction(self.env, begin)

    def _do_rest(self, found, has_time):
        importer = None
        for step in STEPS:
            while not self._is_done(step):
                importer = self._do_in_transaction(step, found, importer)
                if self._is_done(step):
                    self._tell(step, (self.expected or {}).get(step, 0), tries=1)
                else:
                    self._tell(step, self.progress_done, tries=1)
                if not has_time():
                    return False
        in_transaction(
            self.env, lambda: self._finish(found, importer or self._importer_of_rest(found))
        )
        return True

    def _do_in_transaction(self, step, found, importer):
        """
        :param importer: of the step before
        :return: the importer of the step. One whose step was taken back is of no use: it remembers
            what is gone with that.
        """
        fit, used = [importer] if importer else [], []

        def work():
            self._lock()
            used[:] = [fit.pop() if fit else self._importer_of_rest(found)]
            self._do_step(used[0], step)

        in_transaction(self.env, work)
        return used[0]

    def _importer_of_rest(self, found):
        """:return: an importer for the steps that are not done, which knows what the others made"""
        importer = self._importer(found)
        importer.on_progress = _Teller(self)
        # The command is ended by nobody.
        importer.piece_seconds = self.file and _PIECE
        for step in STEPS:
            if self._is_done(step):
                importer.recall(step)
        return importer

    def _is_done(self, step):
        return any(one.name == step and not one.rest for one in self.step_ids)

    def _do_step(self, importer, step):
        self._lock()
        self._check_cancelled()
        begun = self.step_ids.filtered(lambda one: one.name == step)
        rest = begun and begun.rest | {
            "counts": begun.counts or {},
            "problems": [Problem(*one) for one in begun.problems or ()],
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

    def _finish(self, found, importer):
        self._check_cancelled()
        results = [
            (one.name, one.counts or {}, [Problem(*problem) for problem in one.problems or ()])
            for one in self.step_ids
        ]
        self._keep_report(found, results, importer.documents and importer.documents.get_proof())
        self.step_ids.unlink()
        self.write({"state": "done", "file": False, "date": fields.Datetime.now()})

    def _try_all(self, found):
        self._lock()
        results, proof = self._do_steps(found, _Teller(self))
        self.env.cr.rollback()

        def keep():
            self._check_cancelled()
            self._keep_report(found, results, proof)
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

    def action_undo(self):
        """Remove what the run has made, as far as nobody has used or changed it.

        :return: an action that says how much is gone and how much stays
        """
        self._check_administrator()
        self.ensure_one()
        if self.state not in ("done", "cancelled", "failed"):
            raise UserError(messages.import_not_undoable(self.env, self))
        self._lock()
        run = self.sudo()
        made = run.record_ids.filtered("was_created")
        made._undo()
        left = len(made.exists())
        run.step_ids.unlink()
        run.write({"state": "undone", "file": False})
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": messages.import_undone(self.env, len(made) - left, left),
                "type": "success",
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }


class _Teller:
    """Tells how far a run is, not more often than anybody looks."""

    def __init__(self, run):
        self.run, self.next = run, 0.0

    def __call__(self, step, done):
        if time.monotonic() >= self.next:
            self.run._tell(step, done)
            self.next = time.monotonic() + _TOLD_EVERY


def _sha256(open_file):
    digest = hashlib.sha256()
    with open_file() as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
