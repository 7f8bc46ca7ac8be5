from odoo import models


class SaleOrderLine(models.Model):
    _name = "sale.order.line"
    _inherit = ["bizuno.project.line.mixin", "sale.order.line"]

    _project_document = "order_id"

    def _prepare_invoice_line(self, **optional_values):
        values = super()._prepare_invoice_line(**optional_values)
        if self._takes_project():
            values.setdefault("bizuno_project_id", self.bizuno_project_id.id)
        return values
