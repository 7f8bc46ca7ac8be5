from odoo import api, fields, models

from ..base.bizuno_guard import BizunoNumberMixin


class AccountMove(models.Model):
    # Who is invoiced has a customer's terms and limit: at the latest when the invoice is posted,
    # and before its credit is judged. Odoo makes a customer of the contact in the same step.
    #
    # Invoices without an order are priced by the customer's price sheet, as orders are.
    #
    # No tax for exempt customers, until the exemption ends. Purchases from them are taxed as ever,
    # and a credit note as what it credits.
    #
    # Its rate, and what its lines come to, is judged by the credit policy: they are numbers before
    # that.

    _name = "account.move"
    _inherit = [BizunoNumberMixin._name, "account.move", "bizuno.tax.exempt.document.mixin"]

    show_update_prices = fields.Boolean(
        string="Has Price Sheet Changed", store=False
    )  # like show_update_fpos of Odoo

    def write(self, vals):
        if vals.get("state") == "posted":
            lending = self.filtered(lambda move: move.state != "posted" and move._lends())
            for company, moves in lending.grouped("company_id").items():
                moves.commercial_partner_id._give_defaults_once_sold_to(company)
        return super().write(vals)

    @api.onchange("partner_id")
    def _onchange_partner_id_show_update_prices(self):
        before = self._origin.partner_id._get_price_sheet(self.company_id)
        after = self.partner_id._get_price_sheet(self.company_id)
        lines = self.invoice_line_ids.filtered("product_id")
        self.show_update_prices = bool(self._has_price_sheet_prices() and lines and before != after)

    def action_update_prices(self):
        """Price the lines of a draft anew: by the customer's price sheet, where it has no price as
        Odoo does. Lines that bill an order keep the order's prices.

        :return: None
        """
        self.ensure_one()
        self.check_access("write")
        if self.state != "draft" or not self._has_price_sheet_prices():
            return
        lines = self.invoice_line_ids.filtered(lambda line: not line.sudo().sale_line_ids)
        lines._compute_price_unit()
        self.show_update_prices = False
        self.message_post(
            body=self.env._(
                "Product prices have been recomputed according to the price sheet %(sheet)s.",
                sheet=self.partner_id._get_price_sheet(self.company_id).display_name or "–",
            )
        )

    def _has_price_sheet_prices(self):
        self.ensure_one()
        return (
            self.is_sale_document(include_receipts=True)
            and self.company_id.sudo().price_sheet_on_invoices
        )

    def _post(self, soft=True):
        # The invoice gets its date now; so do the copies of a recurring one.
        self._settle_tax_exemption()
        return super()._post(soft=soft)

    def action_update_fpos_values(self):
        self._settle_tax_exemption()
        return super().action_update_fpos_values()

    def _get_alerts(self):
        alerts = super()._get_alerts()
        if self.state == "draft" and self.tax_exempt_message:
            alerts["bizuno_tax_exempt"] = {"level": "warning", "message": self.tax_exempt_message}
        return alerts

    def _get_tax_exempt_date(self):
        return self.invoice_date

    def _is_tax_exempt_judged(self):
        return (
            self.state == "draft"
            and self.is_sale_document(include_receipts=True)
            and not self.reversed_entry_id
        )

    def _get_tax_exempt_lines(self):
        # A down payment is settled with the tax that it had.
        return self.invoice_line_ids.filtered(
            lambda line: (
                line.display_type == "product"
                and not any(line.sudo().sale_line_ids.mapped("is_downpayment"))
            )
        )

    def _recompute_line_taxes(self, lines):
        for line in lines:
            line.tax_ids = line._get_computed_taxes()

    def _compute_fiscal_position_id(self):
        # Exemption by certificate is no fiscal position of the contact: see res.partner.
        result = super()._compute_fiscal_position_id()
        for move in self:
            if move.partner_id and move.is_sale_document(include_receipts=True):
                position = move.partner_id._get_exempt_position(
                    move.company_id, move.fiscal_position_id, move.invoice_date
                )
                if position != move.fiscal_position_id:
                    move.fiscal_position_id = position
        return result
