from odoo import models


class AccountMove(models.Model):
    """No tax for exempt customers. Purchases from them are taxed as ever."""

    _inherit = "account.move"

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


class AccountMoveLine(models.Model):
    """The customer's default account and tax, where neither line nor product names one."""

    _inherit = "account.move.line"

    def _get_computed_taxes(self):
        # The customer's default tax where the product has none; no tax for the exempt.
        taxes = super()._get_computed_taxes()
        move = self.move_id
        if self.display_type != "product" or not move.is_sale_document(include_receipts=True):
            return taxes
        customer, company = move.partner_id, move.company_id
        if customer._removes_taxes(company, move.fiscal_position_id, move.invoice_date):
            return self.env["account.tax"]
        default = customer._get_default_tax(company, self.product_id, move.fiscal_position_id)
        return taxes if default is None else default

    def _compute_account_id(self):
        # The customer's revenue account where the product has none.
        result = super()._compute_account_id()
        for line in self:
            move = line.move_id
            if line.display_type != "product" or not move.is_sale_document(include_receipts=True):
                continue
            account = move.commercial_partner_id._get_default_income_account(
                line.company_id, line.product_id
            )
            if account:
                line.account_id = move.fiscal_position_id.map_account(account)
        return result
