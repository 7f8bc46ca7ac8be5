from odoo import api, models
from odoo.addons.bizuno_crm.models.base.given import with_given_defaults


class PosOrderLine(models.Model):
    # A line that says it sells, or takes back, something of an order decides what is left of that.

    _inherit = "pos.order.line"

    @api.model_create_multi
    def create(self, vals_list):
        create = super().create
        # A default of the context or of the user sells as well.
        vals_list = with_given_defaults(self, vals_list, "order_id", "sale_order_line_id")
        orders = self._get_orders_of(*vals_list)
        sales = self.order_id.browse(
            {vals["order_id"] for vals in vals_list if vals.get("order_id")}
        )
        return orders._change_at_till(lambda: create(vals_list), sales)

    def write(self, vals):
        write = super().write
        orders = self.sudo().sale_order_line_id.order_id | self._get_orders_of(vals)
        sales = self.order_id | self.order_id.browse(vals.get("order_id") or ())
        return orders._change_at_till(lambda: write(vals), sales)

    def unlink(self):
        unlink = super().unlink
        orders = self.sudo().sale_order_line_id.order_id
        return orders._change_at_till(unlink, self.order_id)

    @api.model
    def _get_orders_of(self, *vals_list):
        """:return: the orders that these values name, as the system"""
        lines = [vals["sale_order_line_id"] for vals in vals_list if vals.get("sale_order_line_id")]
        return self.env["sale.order.line"].sudo().browse(lines).exists().order_id
