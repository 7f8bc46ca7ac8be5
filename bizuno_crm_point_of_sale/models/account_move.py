from odoo import models

from .pos_order import TillPaid


class AccountMove(models.Model):
    _inherit = "account.move"

    def _get_credit_paid(self, company):
        # The till takes the money, or the credit is judged, before the invoice is posted.
        paid = super()._get_credit_paid(company)
        till = self.env.context.get("bizuno_till_paid")
        if isinstance(till, TillPaid):
            for move in self.filtered("amount_total"):
                part = min(max(till.amount / move.amount_total, 0.0), 1.0)
                paid[move]["paid"] += company.currency_id.round(move.amount_total_signed * part)
        return paid
