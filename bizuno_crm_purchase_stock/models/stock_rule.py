from odoo import models


class StockRule(models.Model):
    _inherit = "stock.rule"

    def _make_po_get_domain(self, company_id, values, partner):
        # What is bought for a project takes in no other demand: new lines would be on it.
        domain = super()._make_po_get_domain(company_id, values, partner)
        return (*domain, ("bizuno_project_id", "=", False))
