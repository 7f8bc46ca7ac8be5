from odoo import api, models


class AccountMove(models.Model):
    _inherit = "account.move"

    @api.onchange("purchase_vendor_bill_id", "purchase_id")
    def _onchange_purchase_auto_complete(self):
        order = self.purchase_id or self.purchase_vendor_bill_id.purchase_order_id
        goods = self.invoice_line_ids.filtered(lambda line: line._takes_project())
        project = self.bizuno_project_id
        result = super()._onchange_purchase_auto_complete()
        if order:
            # The lines have what the order says of each of them. A bill that has others already
            # goes on being about what it is about.
            if goods:
                self.bizuno_project_id = project
            self.bizuno_project_passed_on = self.bizuno_project_id.ids
        return result
