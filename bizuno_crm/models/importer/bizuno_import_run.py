import base64
import hashlib
import io
from functools import partial

import xlsxwriter
from odoo import api, fields, models
from odoo.exceptions import AccessError, LockError, UserError

from ... import messages
from ...logic.bizuno_dump import files
from ...logic.bizuno_dump.problems import FileError
from .documents import Documents, differs
from .exchange import ContactImporter
from .importer import COUNTS, LEFT_OUT, STEPS


class _Undone(Exception):
    """Takes back what a trial run has written."""


class BizunoImportRun(models.Model):
    """A move of a Bizuno company into a company of Odoo: what was read, what became of it, and
    whatever was in the way. Written by the move alone, for administrators."""

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
    sha256 = fields.Char(string="SHA-256", readonly=True, help="Tells one file from another.")
    state = fields.Selection(
        selection=[("trial", "Trial run"), ("done", "Done"), ("undone", "Undone")],
        required=True,
        readonly=True,
        default="done",
    )
    counts = fields.Json(readonly=True)
    mapping = fields.Json(readonly=True)
    opening_account_id = fields.Many2one(comodel_name="account.account", readonly=True)
    due_rule = fields.Selection(
        selection=lambda self: messages.import_due_rules(self.env), string="Due", readonly=True
    )
    proof = fields.Json(readonly=True)
    problem_count = fields.Integer(string="Problems", readonly=True)
    left_out_count = fields.Integer(
        string="Rows Left Out", readonly=True, help="Because of a problem."
    )
    report = fields.Html(compute="_compute_report", sanitize=False)
    sheet = fields.Binary(string="Problems as Sheet", readonly=True, attachment=True)
    sheet_name = fields.Char(compute="_compute_sheet_name")
    record_ids = fields.One2many(comodel_name="bizuno.import.record", inverse_name="run_id")

    @api.depends("file_name", "date")
    def _compute_display_name(self):
        for run in self:
            run.display_name = f"{run.file_name or ''} · {fields.Date.to_string(run.date)}"

    @api.depends("counts", "proof")
    @api.depends_context("lang")
    def _compute_report(self):
        labels = messages.import_step_labels(self.env)
        for run in self:
            steps = [
                (labels[step], [run.counts[step].get(count, 0) for count in COUNTS])
                for step in STEPS
                if run.counts and step in run.counts
            ]
            currency = run.company_id.currency_id
            sides = dict(messages.import_sides(self.env))
            proof = [
                (name, sides[side], theirs, here, theirs - here)
                for name, side, theirs, here in run.proof or ()
            ]
            differences = sum(differs(row, currency) for row in run.proof or ())
            run.report = self.env["ir.qweb"]._render(
                "bizuno_crm.bizuno_import_counts",
                {
                    "steps": steps,
                    "proof": proof,
                    "totals": [
                        (
                            label,
                            *(
                                sum(row[column] for row in proof if row[1] == label)
                                for column in (2, 3, 4)
                            ),
                        )
                        for label in sides.values()
                        if proof
                    ],
                    "differences": differences,
                    "difference_text": messages.import_differences(self.env, differences),
                    "currency": currency,
                },
            )

    def _compute_sheet_name(self):
        self.sheet_name = "problems.xlsx"

    @api.model
    def _check_administrator(self):
        if not self.env.user.has_group("base.group_system"):
            raise AccessError(messages.import_for_administrators(self.env))

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
    def _get_user_proposals(self, found):
        """
        :return: {user of Bizuno: id of a `res.users`, or False}: as they were chosen the last time,
            else who has the same login or e-mail here
        """
        last = self.sudo().search([("company_id", "=", self.env.company.id)], limit=1)
        users = (
            self.env["res.users"].sudo().search_fetch([("share", "=", False)], ["login", "email"])
        )
        known = {}
        for user in users:
            for word in (user.email, user.login):
                known[(word or "").strip().lower()] = user.id
        proposals = {}
        for one in found.users.values():
            words = [word.strip().lower() for word in (one.email, one.login) if word]
            here = next((known[word] for word in words if word in known), False)
            proposals[one.id] = (last.mapping or {}).get(one.id, here)
        return proposals

    @api.model
    def _bring_over(
        self, found, file_name, open_file, mapping, is_trial=False, account=None, rule="own_rule"
    ):
        """Bring a company over, as a whole or not at all.

        :param found: what `_read_company` has read
        :param dict mapping: {user of Bizuno: id of a `res.users` or False}
        :param account: `account.account` against which the open documents are booked; without one
            they stay in Bizuno
        :param str rule: by which these are due, one of `ledger.RULES`
        :param bool is_trial: do everything, take it back and keep the report
        :return: the run
        """
        self._check_administrator()
        company = self.env.company
        if found.currency and found.currency != company.currency_id.name:
            raise UserError(messages.import_currency(self.env, found.currency, company))
        self._lock()
        vals = {
            "company_id": company.id,
            "file_name": file_name,
            "sha256": _sha256(open_file),
            "mapping": mapping,
            "opening_account_id": account and account.id,
            "due_rule": rule,
        }
        runs = self.sudo()
        if is_trial:
            try:
                with self.env.cr.savepoint():
                    importer, proof = runs.create(vals)._do_steps(found)
                    raise _Undone
            except _Undone:
                self.env.invalidate_all(flush=False)
                # Odoo counts there, for one, how often each customer was invoiced.
                self.env.cr.postcommit.clear()
            run = runs.create({**vals, "state": "trial"})
        else:
            run = runs.create(vals)
            importer, proof = run._do_steps(found)
        run._keep_report(importer, proof)
        return run.sudo(False)

    def _lock(self):
        """One at a time: who comes second is told, and does not wait."""
        try:
            self.env.ref("bizuno_crm.bizuno_import_action").sudo().lock_for_update()
        except LockError as error:
            raise UserError(messages.import_under_way(self.env)) from error

    def _do_steps(self, found):
        """:return: (the `Importer`, what is open by the file and here, see
        `Documents.get_proof`)"""
        self.ensure_one()
        # The superuser writes what an administrator has chosen to bring over, numbers of projects
        # and authors of calls among it; the administrator is checked before.
        run = self.with_company(self.company_id)
        users = {id_: user for id_, user in (run.mapping or {}).items() if user}
        documents = None
        if account := run.opening_account_id:
            documents = partial(Documents, account=account, rule=run.due_rule)
        importer = ContactImporter(run.env, run, found, users, documents)
        importer.problems.extend(found.problems)
        importer.bring_over()
        return importer, importer.documents and importer.documents.get_proof()

    def _keep_report(self, importer, proof):
        self.write(
            {
                "counts": {step: dict(count) for step, count in importer.counts.items()},
                "problem_count": len(importer.problems),
                "left_out_count": sum(one.code in LEFT_OUT for one in importer.problems),
                "sheet": self._problem_sheet(importer.problems),
                "proof": proof,
            }
        )

    @api.model
    def _problem_sheet(self, problems):
        """:return: an .xlsx file, in base64, with a row for each problem"""
        file = io.BytesIO()
        with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
            sheet = book.add_worksheet()
            for column, title in enumerate(messages.import_problem_titles(self.env)):
                sheet.write_string(0, column, title)
            for row, problem in enumerate(problems, 1):
                what, remedy = messages.import_problem(self.env, problem)
                for column, text in enumerate((*problem[:4], what, remedy)):
                    # Never as a formula.
                    sheet.write_string(row, column, text)
            sheet.set_column(0, 3, 18)
            sheet.set_column(4, 5, 60)
        return base64.b64encode(file.getvalue())

    def action_undo(self):
        """Remove what the run has made, as far as nobody has used or changed it.

        :return: an action that says how much is gone and how much stays
        """
        self._check_administrator()
        self.ensure_one()
        if self.state != "done":
            raise UserError(messages.import_not_undoable(self.env, self))
        self._lock()
        run = self.sudo()
        made = run.record_ids.filtered("was_created")
        for record in made.sorted("id", reverse=True):
            if not record._is_touched():
                record._remove()
        left = len(made.exists())
        run.state = "undone"
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": messages.import_undone(self.env, len(made) - left, left),
                "type": "success",
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }


def _sha256(open_file):
    digest = hashlib.sha256()
    with open_file() as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
