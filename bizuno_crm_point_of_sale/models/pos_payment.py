from odoo import api, models
from odoo.addons.bizuno_crm.models.base.given import with_given_defaults


class PosPayment(models.Model):
    _inherit = "pos.payment"

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = with_given_defaults(self, vals_list, "pos_order_id")
        orders = self.env["pos.order"].browse(
            {vals["pos_order_id"] for vals in vals_list if vals.get("pos_order_id")}
        )
        create = super().create
        return orders._change_under_till_credit(lambda: create(vals_list))

    def write(self, vals):
        orders = self.pos_order_id | self.pos_order_id.browse(vals.get("pos_order_id") or ())
        write = super().write
        return orders._change_under_till_credit(lambda: write(vals))

    def unlink(self):
        # A payment that takes something back on account lowers what is owed.
        unlink = super().unlink
        return self.pos_order_id._change_under_till_credit(unlink)
