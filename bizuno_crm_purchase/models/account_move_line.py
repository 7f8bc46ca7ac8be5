from odoo import models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _get_project_of_origin(self):
        if self.purchase_line_id:
            return self.purchase_line_id.sudo().bizuno_project_id.with_env(self.env)
        return super()._get_project_of_origin()
