from odoo import api, models


class AccountMove(models.Model):
    """No tax for exempt customers, until the exemption ends. Purchases from them are taxed as ever,
    and a credit note as what it credits."""

    _name = "account.move"
    _inherit = ["account.move", "bizuno.tax.exempt.mixin"]

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


class AccountMoveLine(models.Model):
    """The customer's default account and tax, where neither line nor product names one."""

    _inherit = "account.move.line"

    @api.model_create_multi
    def create(self, vals_list):
        moves = self.env["account.move"]
        return super().create([
            moves.browse(vals.get("move_id"))._without_line_taxes(vals)
            if vals.get("tax_ids")
            and vals.get("display_type", "product") == "product"
            and not self._settles_downpayment(vals)
            else vals
            for vals in vals_list
        ])  # fmt: skip

    @api.model
    def _settles_downpayment(self, vals):
        if not vals.get("sale_line_ids"):
            return False
        line = self.sudo().new({"sale_line_ids": vals["sale_line_ids"]})
        return any(line.sale_line_ids.mapped("is_downpayment"))

    def write(self, vals):
        if vals.get("tax_ids") and self <= self.move_id._get_tax_exempt_lines():
            vals = self.move_id._without_line_taxes(vals)
        return super().write(vals)

    def _get_computed_taxes(self):
        # The customer's default tax where the product has none; no tax for the exempt.
        taxes = super()._get_computed_taxes()
        move = self.move_id
        if self.display_type != "product" or not move.is_sale_document(include_receipts=True):
            return taxes
        customer, company = move.partner_id, move.company_id
        if not move.taxed_despite_exemption and customer._removes_taxes(
            company, move.fiscal_position_id, move.invoice_date
        ):
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
