from odoo import models


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    def _get_layout(self):
        # a long list, as those of the open items
        if self.report_name == "bizuno_crm.report_project_portfolio_document":
            return self.env.ref("bizuno_crm.report_list_layout")
        return super()._get_layout()
