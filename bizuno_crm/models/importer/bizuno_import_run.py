import base64
import hashlib
from collections import Counter
from contextlib import contextmanager
from functools import partial

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.misc import Callbacks

from ... import messages
from ...logic.bizuno_dump import faults, files
from ...logic.bizuno_dump.problems import FileError
from ..base.withhold import withhold
from . import report
from .documents import Documents
from .exchange import ContactImporter
from .gone import others_here
from .importer import LEFT_OUT, STEPS
from .proposals import opening_account, propose


class _Undone(Exception):
    """Takes back what a trial run has written."""


class BizunoImportRun(models.Model):
    """A move of a Bizuno company into a company of Odoo: what was read, what became of it, and
    whatever was in the way. Written by the move alone, for administrators.

    A small company comes over at once, in one transaction; a large one in the background.
    """

    _name = "bizuno.import.run"
    _inherit = ["bizuno.import.background.mixin", "bizuno.import.undo.mixin"]
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
            ("undoing", "Undoing"),
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

    @api.depends("state", "expected", "progress_step", "progress_done", "undoing")
    @api.depends_context("lang")
    def _compute_progress(self):
        labels = messages.import_step_labels(self.env)
        for run in self:
            if run.state == "undoing":
                run.progress, run.progress_text = run._get_undo_progress()
                continue
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
    def _get_proposals(self, bizuno_company):
        """
        :return: {kind: {code: (id or False, whether it was chosen the last time)}}, see
            `proposals.propose`
        """
        return propose(self.env.company.sudo(), bizuno_company.choices, self._get_last_mapping())

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
            super().fields_get(allfields, attributes),
            ("progress_done", "progress_step", "tries", "undoing"),
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
    def _count(self, bizuno_company):
        """
        :return: {step: how many rows of the file it will read}: by the steps themselves, so that
            what is announced is what is done
        """
        self._check_administrator()
        vals = {"company_id": self.env.company.id, "user_id": self.env.uid, "mapping": {},
                "date": fields.Datetime.now()}  # fmt: skip
        with self._taken_back():
            return self.sudo().new(vals)._importer(bizuno_company).count()

    @api.model
    def _check_fits(self, bizuno_company):
        """
        :raise UserError: the company in the file cannot come into this one
        """
        company = self.env.company
        if bizuno_company.currency and bizuno_company.currency != company.currency_id.name:
            raise UserError(messages.import_currency(self.env, bizuno_company.currency, company))
        if others := others_here(company.sudo(), bizuno_company):
            raise UserError(messages.import_other_company(self.env, company, *others))

    # at once
    @api.model
    def _bring_over(self, bizuno_company, file_name, open_file, mapping, is_trial=False, **options):
        """Bring a company over, as a whole or not at all.

        :param bizuno_company: what `_read_company` has read
        :param dict mapping: {kind: {code: id or False}}, what was chosen
        :param bool is_trial: do everything, take it back and keep the report
        :param options: of `_get_vals`
        :return: the run
        """
        self._check_administrator()
        self._check_fits(bizuno_company)
        self._lock_for_user()
        vals = self._get_vals(file_name, open_file, mapping, is_trial, **options)
        runs = self.sudo()
        if is_trial:
            with self._taken_back():
                results, proof = runs.create(vals)._do_steps(bizuno_company)
            run = runs.create({**vals, "state": "trial"})
        else:
            run = runs.create(vals)
            results, proof = run._do_steps(bizuno_company)
        run._keep_report(bizuno_company, results, proof)
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

    def _importer(self, bizuno_company):
        """:return: the importer of the run, which writes as the superuser what an administrator
        has chosen to bring over: numbers of projects and authors of calls among it"""
        user = self.user_id or self.env.user
        run = self.with_user(user).sudo().with_company(self.company_id)
        run = run.with_context(lang=user.lang, tz=user.tz)
        users = {id_: user for id_, user in (run.mapping or {}).get("user", {}).items() if user}
        documents = partial(Documents, account=run.opening_account_id, rule=run.due_rule)
        purchases = self._get_purchases()
        return ContactImporter(run.env, run, bizuno_company, users, documents, purchases)

    @api.model
    def _get_purchases(self):
        """:return: class that brings over what is bought, see `Importer`; None: no app does"""
        return None

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

    def _do_steps(self, bizuno_company, on_progress=None):
        """:return: ([(step, counts, problems)], what is open by the file and here, see
        `Documents.get_proof`)"""
        self.ensure_one()
        importer = self._importer(bizuno_company)
        importer.on_progress = on_progress
        results = [(step, *importer.bring_over(step)) for step in STEPS]
        return results, importer.documents and importer.documents.get_proof()

    def _keep_report(self, bizuno_company, results, proof):
        counts, problems = {step: Counter() for step in STEPS}, [*bizuno_company.problems]
        for _step, its_counts, its_problems in results:
            for name, count in its_counts.items():
                counts[name].update(count)
            problems += its_problems
        today = fields.Date.context_today(self)
        self.write(
            {
                "counts": {step: dict(+count) for step, count in counts.items()},
                "problem_count": len(problems),
                "left_out_count": sum(problem.code in LEFT_OUT for problem in problems),
                "reasons": report.reasons(problems),
                "faults": [
                    (fault.code, fault.about) for fault in faults.find(bizuno_company, today)
                ],
                "sheet": base64.b64encode(report.problem_sheet(self.env, problems)),
                "proof": proof,
            }
        )
        self.report_sheet = base64.b64encode(report.workbook(self))


def _sha256(open_file):
    digest = hashlib.sha256()
    with open_file() as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
