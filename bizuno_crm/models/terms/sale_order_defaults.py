from odoo import api, models

_CUSTOMERS = ("partner_id", "partner_invoice_id")


class SaleOrder(models.Model):
    """Who is sold to is a customer: at the latest when the order is confirmed, and before its
    credit is judged."""

    _inherit = "sale.order"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("state") == "sale":
                company = self.env["res.company"].browse(vals.get("company_id")) or self.env.company
                self._get_named_customers(vals)._become_customers(company)
        return super().create(vals_list)

    def write(self, vals):
        named = self._get_named_customers(vals)
        if vals.get("state") == "sale" or named:
            for company, orders in self.grouped("company_id").items():
                confirmed = orders.filtered(lambda order: order.state == "sale")
                customers = named if confirmed or vals.get("state") == "sale" else named.browse()
                if vals.get("state") == "sale":
                    pending = orders - confirmed
                    customers |= pending.partner_id | pending.partner_invoice_id
                customers._become_customers(company)
        return super().write(vals)

    @api.model
    def _get_named_customers(self, vals):
        ids = {vals.get(name) for name in _CUSTOMERS} - {None, False}
        return self.env["res.partner"].browse(ids)
