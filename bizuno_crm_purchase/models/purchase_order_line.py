from odoo import fields, models


class PurchaseOrderLine(models.Model):
    _name = "purchase.order.line"
    _inherit = ["bizuno.project.line.mixin", "purchase.order.line"]

    _project_document = "order_id"

    bizuno_project_id = fields.Many2one()

    def _prepare_account_move_line(self, move=False):
        values = super()._prepare_account_move_line(move)
        if self._takes_project():
            values.setdefault("bizuno_project_id", self.bizuno_project_id.id)
        return values
