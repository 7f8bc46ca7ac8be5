import base64
import io

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ... import messages
from ...logic import aging
from ...logic.bizuno_dump import choices, faults, ledger, survey
from ...logic.bizuno_dump.contacts import terms_of
from ...logic.bizuno_dump.orders import PURCHASES
from ...models.importer import report
from ...models.importer.pieces import trial_beyond_limit
from ...models.importer.proposals import OPENING_DOMAIN

#: More rows than that come over in the background.
_AT_ONCE = 2_000
#: The last ones, which have a column each in what is analysed.
_YEARS = 8


def _choices(kind, string):
    """What is to be chosen of one kind, as a list of its own."""
    return fields.One2many(
        comodel_name="bizuno.import.choice",
        inverse_name="wizard_id",
        string=string,
        domain=[("kind", "=", kind)],
    )


class BizunoImport(models.TransientModel):
    """Moves a company over from Bizuno: a file, what is in it, what is what here, a trial run, the
    run."""

    _name = "bizuno.import"
    _description = "Move a Company from Bizuno"
    _check_company_auto = True

    company_id = fields.Many2one(
        comodel_name="res.company",
        string="Target Company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company,
    )
    file = fields.Binary(
        string="Dump or Contacts",
        attachment=False,
        help="A dump of Bizuno's MySQL or MariaDB database, plain (.sql) or compressed with gzip "
        "(.sql.gz), or Bizuno's contact export (.csv). Nothing in it is executed.",
    )
    file_name = fields.Char()
    state = fields.Selection(
        selection=[("file", "File"), ("map", "Contents")], default="file", readonly=True
    )
    analysis = fields.Html(sanitize=False, readonly=True)
    sheet = fields.Binary(string="Problem Spreadsheet", attachment=False, readonly=True)
    sheet_name = fields.Char(default="problems.xlsx", readonly=True)
    opening_account_id = fields.Many2one(
        comodel_name="account.account",
        check_company=True,
        domain=OPENING_DOMAIN,
        default=lambda self: self.env["bizuno.import.run"]._get_opening_account(),
        help="The account that the open invoices, bills and credit notes are booked against. "
        "Proposed is the one that Odoo itself uses for opening balances. Without one, they are not "
        "moved, and the report lists them.",
    )
    due_rule = fields.Selection(
        selection=lambda self: messages.import_due_rules(self.env),
        string="Due Dates",
        required=True,
        default="own_rule",
        help="Bizuno's aging allows thirty days for net 0 and due on receipt; choose it to compare "
        "both reports side by side. The terms themselves allow none.",
    )
    overwrite = fields.Boolean(
        string="Overwrite What Was Changed Here",
        help="Where somebody has changed in Odoo what an earlier run had brought over, Bizuno's "
        "value is written again. Documents and orders that were used here stay as they are.",
    )
    choice_ids = fields.One2many(comodel_name="bizuno.import.choice", inverse_name="wizard_id")
    user_choice_ids = _choices("user", string="Users")
    account_choice_ids = _choices("account", string="GL Accounts")
    tax_choice_ids = _choices("tax", string="Tax Rates")
    store_choice_ids = _choices("store", string="Stores")
    pricelist_choice_ids = _choices("pricelist", string="Price Sheets")
    expected = fields.Json(readonly=True)

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
        bizuno_company = runs._read_company(self._opener())
        runs._check_fits(bizuno_company)
        proposals, expected = runs._get_proposals(bizuno_company), runs._count(bizuno_company)
        self.write(
            {
                "state": "map",
                "expected": expected,
                "analysis": self._get_analysis(bizuno_company, expected),
                "sheet": bizuno_company.problems
                and base64.b64encode(report.problem_sheet(self.env, bizuno_company.problems)),
                "choice_ids": [
                    Command.clear(),
                    *(
                        Command.create(
                            self.choice_ids._get_vals(kind, choice, proposals[kind][code])
                        )
                        for kind in choices.KINDS
                        for code, choice in bizuno_company.choices[kind].items()
                    ),
                ],
            }
        )
        return True

    def action_back(self):
        """Choose another file."""
        self.ensure_one()
        self.state = "file"
        return True

    def action_try(self):
        """Do everything, take it back, and show the report.

        :raise UserError: the server would end it before
        """
        if too_long := self._get_trial_too_long(self.expected or {}):
            raise UserError(too_long)
        return self._bring_over(is_trial=True)

    def action_run(self):
        """Bring everything over, and show the report."""
        return self._bring_over(is_trial=False)

    def _bring_over(self, is_trial):
        self.ensure_one()
        runs = self.env["bizuno.import.run"].with_company(self.company_id)
        runs._check_administrator()
        options = {
            "is_trial": is_trial, "account": self.opening_account_id, "rule": self.due_rule,
            "overwrite": self.overwrite,
        }  # fmt: skip
        mapping, bizuno_company = self.choice_ids._get_mapping(), runs._read_company(self._opener())
        if sum((self.expected or {}).values()) > _AT_ONCE:
            file = base64.b64decode(self.file)
            run = runs._bring_over_later(
                bizuno_company, self.expected, file, self.file_name, mapping, **options
            )
        else:
            run = runs._bring_over(
                bizuno_company, self.file_name, self._opener(), mapping, **options
            )
        return {
            "type": "ir.actions.act_window",
            "res_model": run._name,
            "res_id": run.id,
            "view_mode": "form",
            "name": self.env._("Report"),
        }

    @api.model
    def _get_trial_too_long(self, expected):
        beyond = trial_beyond_limit(expected)
        return beyond and messages.import_trial_too_long(self.env, *beyond)

    @api.model
    def _get_needs_purchase(self, bizuno_company):
        """:return: sentence about what is left out for want of an app, or False"""
        runs = self.env["bizuno.import.run"]
        is_bought = [order.journal in PURCHASES for order in bizuno_company.orders]
        is_of_vendor = [sheet.kind != "c" for sheet in bizuno_company.price_sheets]
        if runs._get_purchases() or not any(is_bought + is_of_vendor):
            return False
        return messages.import_needs_purchase(self.env, sum(is_bought), sum(is_of_vendor))

    def _opener(self):
        if not self.file:
            raise UserError(messages.import_file_missing(self.env))
        data = base64.b64decode(self.file)
        return lambda: io.BytesIO(data)

    @api.model
    def _get_analysis(self, bizuno_company, expected):
        labels = messages.import_step_labels(self.env)
        journals = messages.import_journals(self.env)
        rows = survey.by_year(bizuno_company)
        years = sorted({year for row in rows for year in row[3]} - {""})[-_YEARS:]
        tables = [
            (
                f"{table}: {journals.get(journal, journal)}" if journal else table,
                count,
                [by_year.get(year, 0) for year in years],
                count - sum(by_year.get(year, 0) for year in years) if by_year else 0,
            )
            for table, journal, count, by_year in rows
        ]
        today = fields.Date.context_today(self)
        open_amounts, of_side = [], {"receivable": ledger.RECEIVABLE, "payable": ledger.PAYABLE}
        # a list of contacts tells nothing of what is open
        for side, label in messages.import_sides(self.env) if bizuno_company.documents else ():
            figures = ledger.aged(
                bizuno_company.documents, of_side[side], today, "own_rule"
            ).values()
            sums = [
                float(sum(figure[key] for figure in figures))
                for key in (*(bucket.key for bucket in aging.BUCKETS), "total")
            ]
            open_amounts.append((label, sums))
        return self.env["ir.qweb"]._render(
            "bizuno_crm.bizuno_import_analysis",
            {
                "trial_too_long": self._get_trial_too_long(expected),
                "needs_purchase": self._get_needs_purchase(bizuno_company),
                "terms": self._get_default_terms(bizuno_company),
                "counts": [(labels[step], number) for step, number in expected.items() if number],
                "tables": tables,
                "years": years,
                "faults": [
                    messages.import_fault(self.env, *fault)
                    for fault in faults.find(bizuno_company, today)
                ],
                "open_amounts": open_amounts,
                "buckets": messages.import_bucket_labels(self.env),
                "currency": self.company_id.currency_id,
                "problems": messages.import_file_problems(self.env, len(bizuno_company.problems)),
            },
        )

    @api.model
    def _get_default_terms(self, bizuno_company):
        """:return: sentences that say what contacts get that have no terms of their own"""
        partners, texts = self.env["res.partner"], {}
        for kind, currency in (("customers", self.company_id.currency_id), ("vendors", None)):
            wanted = terms_of("", bizuno_company.default_terms[kind])
            texts[kind] = wanted and partners._get_terms_text(wanted, currency)
        return messages.import_default_terms(self.env, texts["customers"], texts["vendors"])
