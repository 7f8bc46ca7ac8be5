from odoo import models

from ... import messages


class AccountMove(models.Model):
    # Invoices, bills and their credit notes on projects.

    _name = "account.move"
    _inherit = ["bizuno.project.document.mixin", "account.move"]

    _project_lines = "invoice_line_ids"

    def _is_on_projects(self):
        return self.is_invoice(include_receipts=True)

    def _is_project_of_customer(self):
        return self.is_sale_document(include_receipts=True)

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
