from odoo import api, models


class AccountPaymentTermLine(models.Model):
    _inherit = "account.payment.term.line"

    @api.model_create_multi
    def create(self, vals_list):
        result = super().create(vals_list)
        self.env.registry.clear_cache()
        return result

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    def _get_due_date(self, date_ref):
        # Bizuno's “due on a date”, which Odoo's delays cannot express.
        return self.payment_id.date_due or super()._get_due_date(date_ref)
