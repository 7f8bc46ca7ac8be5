from odoo import models


class BillToPoWizard(models.TransientModel):
    _inherit = "bill.to.po.wizard"

    def action_add_downpayment(self):
        result = super().action_add_downpayment()
        # As Odoo finds them. What is deducted from later bills is deducted where it was booked.
        ids = [-id_ for id_ in self.env.context.get("active_ids") or () if id_ < 0]
        for paid in self.env["account.move.line"].browse(ids):
            line = paid.purchase_line_id
            if paid._get_project_shares()[paid] != line._get_project_shares()[line]:
                line.analytic_distribution = paid.analytic_distribution
        return result
