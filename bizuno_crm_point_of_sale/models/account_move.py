from odoo import models

from .pos_order import TillPaid


class AccountMove(models.Model):
    _inherit = "account.move"

    def _get_credit_paid(self, company):
        # The till takes the money, or the credit is judged, before the invoice is posted.
        paid = super()._get_credit_paid(company)
        till = self.env.context.get("bizuno_till_paid")
        if not isinstance(till, TillPaid) or not self.amount_total:
            return paid
        part = min(max(till.amount / self.amount_total, 0.0), 1.0)
        return paid + company.currency_id.round(self.amount_total_signed * part)
