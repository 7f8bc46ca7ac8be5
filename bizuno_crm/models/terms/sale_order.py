from odoo import api, models

from ..base.given import with_given_defaults

_CUSTOMERS = ("partner_id", "partner_invoice_id")


class SaleOrder(models.Model):
    # Who is sold to is a customer: at the latest when the order is confirmed, and before its credit
    # is judged. No tax for exempt customers, until the exemption ends.

    _name = "sale.order"
    _inherit = ["sale.order", "bizuno.tax.exempt.document.mixin"]

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = with_given_defaults(self, vals_list, "state", "company_id", *_CUSTOMERS)
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
        # Every confirmation ends here: before it is judged what the order comes to.
        if vals.get("state") == "sale":
            self.filtered(lambda order: order.state != "sale")._settle_tax_exemption()
        return super().write(vals)

    @api.model
    def _get_named_customers(self, vals):
        ids = {vals.get(name) for name in _CUSTOMERS} - {None, False}
        return self.env["res.partner"].browse(ids)

    def action_update_taxes(self):
        self._settle_tax_exemption()
        return super().action_update_taxes()

    def _prepare_invoice(self):
        values = super()._prepare_invoice()
        if self.taxed_despite_exemption:
            values["taxed_despite_exemption"] = True
        return values

    def _is_tax_exempt_judged(self):
        return self.state != "cancel"

    def _get_tax_exempt_lines(self):
        return self.order_line.filtered(
            lambda line: (
                not (line.display_type or line.is_downpayment or line.product_type == "combo")
            )
        )

    def _recompute_line_taxes(self, lines):
        lines._compute_tax_ids()

    def _compute_fiscal_position_id(self):
        # Exemption by certificate is no fiscal position of the contact: see res.partner.
        before = {order: order.fiscal_position_id for order in self}
        result = super()._compute_fiscal_position_id()
        for order in self:
            position = order.partner_id._get_exempt_position(
                order.company_id, order.fiscal_position_id
            )
            if position != order.fiscal_position_id:
                order.fiscal_position_id = position
                order.show_update_fpos = bool(position != before[order] and order.order_line)
        return result
