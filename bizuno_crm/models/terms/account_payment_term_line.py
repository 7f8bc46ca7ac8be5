from odoo import models
from odoo.exceptions import UserError

from ... import messages


class AccountPaymentTermLine(models.Model):
    # What terms say is remembered, see `account.payment.term`.

    _name = "account.payment.term.line"
    _inherit = ["bizuno.remembered.mixin", "account.payment.term.line"]

    def _get_due_date(self, date_ref):
        # Bizuno's “due on a date”, which Odoo's delays cannot express.
        try:
            return self.payment_id.date_due or super()._get_due_date(date_ref)
        except OverflowError:
            raise UserError(
                messages.due_date_out_of_range(self.env, self.payment_id, date_ref)
            ) from None
