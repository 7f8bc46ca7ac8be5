from odoo import api, models

from ..base.withhold import withhold


class AccountBankStatementLine(models.Model):
    # A line of a bank statement has the fields of its entry.

    _inherit = "account.bank.statement.line"

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        return withhold(
            super().fields_get(allfields, attributes), ("credit_status", "taxed_despite_exemption")
        )
