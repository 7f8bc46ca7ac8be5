from collections import defaultdict

from odoo import models

from ... import messages
from ...logic import project_lines


class AccountMove(models.Model):
    # Invoices, bills and their credit notes on projects.

    _name = "account.move"
    _inherit = ["bizuno.project.document.mixin", "account.move"]

    _project_lines = "invoice_line_ids"

    def _is_on_projects(self):
        return self.is_invoice(include_receipts=True)

    def _is_project_of_customer(self):
        return self.is_sale_document(include_receipts=True)

    def _sync_dynamic_line_needed_values(self, values_list):
        # Odoo has one line for the discounts on an account, and puts it on what any of them is on,
        # on each alike: whatever their amounts and parts are, and also for those that are on
        # nothing.
        result = super()._sync_dynamic_line_needed_values(values_list)
        for key, values in result.items():
            named = project_lines.find_account_ids(values.get("analytic_distribution"))
            if values.get("display_type") == "discount" and (
                self.env["bizuno.project"]._find_by_accounts(named)
            ):
                move = self.env["account.move"].browse(key["move_id"])
                values["analytic_distribution"] = move._distribute_discounts(key)
        return result

    def _distribute_discounts(self, key):
        """:return: the distribution of what the lines have as discount under this key"""
        total, sums = 0.0, defaultdict(float)
        for line in self.line_ids:
            amount = (line.discount_allocation_needed or {}).get(key, {}).get("amount_currency", 0)
            total += amount
            for account_ids, percentage in (line.analytic_distribution or {}).items():
                sums[account_ids] += percentage * amount
        return project_lines.rounded(
            {account_ids: part / total for account_ids, part in sums.items() if part},
            self.env["decimal.precision"].precision_get("Percentage Analytic"),
        )

    def _get_project_refusal(self):
        if self.state != "posted":
            return False
        kind = self.journal_id.type
        violated = self.company_id._get_lock_date_violations(
            self.date,
            fiscalyear=True,
            sale=kind == "sale",
            purchase=kind == "purchase",
            tax=False,
            hard=True,
        )
        if not violated:
            return False
        lock_dates = self.env["res.company"]._format_lock_dates(violated)
        return messages.project_in_locked_period(self.env, self, lock_dates)
