import base64
import io

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ... import messages
from ...logic import aging
from ...logic.bizuno_dump import ledger


class BizunoImport(models.TransientModel):
    """Moves a company over from Bizuno: a file, what is in it, who its users are here, a trial run,
    the run."""

    _name = "bizuno.import"
    _description = "Move a Company from Bizuno"
    _check_company_auto = True

    company_id = fields.Many2one(
        comodel_name="res.company",
        string="Into",
        required=True,
        readonly=True,
        default=lambda self: self.env.company,
    )
    file = fields.Binary(
        string="Dump or Contacts",
        attachment=False,
        help="A dump of Bizuno's MySQL or MariaDB database, plain (.sql) or packed with gzip "
        "(.sql.gz), or the contacts that Bizuno has exported (.csv). Nothing in it is executed.",
    )
    file_name = fields.Char()
    state = fields.Selection(
        selection=[("file", "File"), ("map", "What is in it")], default="file", readonly=True
    )
    analysis = fields.Html(sanitize=False, readonly=True)
    sheet = fields.Binary(string="Problems as Sheet", attachment=False, readonly=True)
    sheet_name = fields.Char(default="problems.xlsx", readonly=True)
    opening_account_id = fields.Many2one(
        comodel_name="account.account",
        check_company=True,
        domain=[("account_type", "not in", ("asset_receivable", "liability_payable"))],
        help="The account against which the open invoices, bills and credit notes are booked. "
        "Without one they do not come over.",
    )
    due_rule = fields.Selection(
        selection=lambda self: messages.import_due_rules(self.env),
        string="Documents Are Due",
        required=True,
        default="own_rule",
        help="Bizuno's ageing gives thirty days to net 0 and to due on receipt; so both reports "
        "can be laid side by side. The terms themselves give none.",
    )
    line_ids = fields.One2many(
        comodel_name="bizuno.import.user", inverse_name="wizard_id", string="Users"
    )

    @api.depends_context("lang")
    def _compute_display_name(self):
        self.display_name = self.env._("Move from Bizuno")

    def action_analyse(self):
        """Read the file and show what is in it; nothing is written.

        :raise UserError: the file cannot be used
        """
        self.ensure_one()
        runs = self.env["bizuno.import.run"].with_company(self.company_id)
        runs._check_administrator()
        found = runs._read_company(self._opener())
        proposals = runs._get_user_proposals(found)
        self.write(
            {
                "state": "map",
                "analysis": self._get_analysis(found),
                "sheet": runs._problem_sheet(found.problems) if found.problems else False,
                "line_ids": [
                    Command.clear(),
                    *(
                        Command.create(
                            {"code": one.id, "name": one.name, "email": one.email,
                             "user_id": proposals[one.id]}
                        )
                        for one in found.users.values()
                    ),
                ],
            }
        )  # fmt: skip
        return True

    def action_back(self):
        """Choose another file."""
        self.ensure_one()
        self.state = "file"
        return True

    def action_try(self):
        """Do everything, take it back, and show the report."""
        return self._bring_over(is_trial=True)

    def action_run(self):
        """Bring everything over, and show the report."""
        return self._bring_over(is_trial=False)

    def _bring_over(self, is_trial):
        self.ensure_one()
        runs = self.env["bizuno.import.run"].with_company(self.company_id)
        runs._check_administrator()
        opener = self._opener()
        mapping = {line.code: line.user_id.id for line in self.line_ids}
        run = runs._bring_over(
            runs._read_company(opener),
            self.file_name,
            opener,
            mapping,
            is_trial=is_trial,
            account=self.opening_account_id,
            rule=self.due_rule,
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": run._name,
            "res_id": run.id,
            "view_mode": "form",
            "name": self.env._("Report"),
        }

    def _opener(self):
        if not self.file:
            raise UserError(messages.import_file_missing(self.env))
        data = base64.b64decode(self.file)
        return lambda: io.BytesIO(data)

    @api.model
    def _get_analysis(self, found):
        labels = messages.import_step_labels(self.env)
        numbers = {
            "contacts": len(found.contacts),
            "addresses": len(found.addresses),
            "documents": sum(one.is_open and bool(one.balance) for one in found.documents),
            "action_codes": len(found.actions),
            "log": len(found.log),
            "projects": len(found.projects),
            "reminders": len(found.reminders),
            "promotions": len(found.promotions),
        }
        today = fields.Date.context_today(self)
        open_amounts = []
        for label, journals in (
            (label, {"receivable": ledger.RECEIVABLE, "payable": ledger.PAYABLE}[side])
            for side, label in messages.import_sides(self.env)
        ):
            figures = ledger.aged(found.documents, journals, today, "own_rule").values()
            sums = [
                float(sum(figure[key] for figure in figures))
                for key in (*(bucket.key for bucket in aging.BUCKETS), "total")
            ]
            open_amounts.append((label, sums))
        return self.env["ir.qweb"]._render(
            "bizuno_crm.bizuno_import_analysis",
            {
                "counts": [(labels[step], number) for step, number in numbers.items()],
                "open_amounts": open_amounts,
                "buckets": messages.import_bucket_labels(self.env),
                "currency": self.company_id.currency_id,
                "problems": messages.import_file_problems(self.env, len(found.problems)),
            },
        )
