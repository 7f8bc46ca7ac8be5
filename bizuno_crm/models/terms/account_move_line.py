from datetime import datetime, time

from odoo import api, fields, models
from odoo.tools import float_compare

from ..base.bizuno_guard import BizunoNumberMixin
from ..base.given import with_given_defaults


class AccountMoveLine(models.Model):
    # The price sheet's price, where Odoo would propose the product's; the customer's default
    # account and tax, where neither line nor product names one.

    _name = "account.move.line"
    _inherit = [BizunoNumberMixin._name, "account.move.line"]
    _multiplied = ("price_unit", "quantity")

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = with_given_defaults(self, vals_list, "move_id", "sale_line_ids", "tax_ids")
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
        result = super().write(vals)
        if "quantity" in vals and "price_unit" not in vals:
            self._follow_quantity()
        return result

    def _compute_price_unit(self):
        result = super()._compute_price_unit()
        for lines, rules, when in self._get_price_sheet_rules():
            for line in lines:
                price = line._get_price_sheet_price(rules, when, line.quantity)
                if price is not None:
                    line.price_unit = price
        return result

    @api.onchange("quantity")
    def _onchange_quantity_price_sheet(self):
        self._follow_quantity()

    def _follow_quantity(self):
        """A price that the sheet would propose for this or another quantity becomes that of the
        quantity at hand. Any other one was given, and stays."""
        drafts = self.filtered(
            lambda line: line.move_id.state == "draft" and not line.sudo().sale_line_ids
        )
        for lines, rules, when in drafts._get_price_sheet_rules():
            for line in lines:
                proposed = {
                    quantity: line._get_price_sheet_price(rules, when, quantity)
                    for quantity in {0.0, line.quantity, *rules.mapped("min_quantity")}
                }
                if all(price is None for price in proposed.values()):
                    continue
                usual = line._get_list_price()
                prices = {q: usual if p is None else p for q, p in proposed.items()}
                digits = self.env["decimal.precision"].precision_get("Product Price")
                if any(
                    not float_compare(line.price_unit, price, precision_digits=digits)
                    for price in prices.values()
                ):
                    line.price_unit = prices[line.quantity]

    def _get_price_sheet_rules(self):
        """Looked up once per price sheet and day, for all its lines together.

        :return: list of (lines, rules of their price sheet, datetime for rates of currencies)
        """
        lines = self.filtered(
            lambda line: (
                line.product_id
                and line.display_type == "product"
                and not line.is_imported
                and line.move_id._has_price_sheet_prices()
            )
        )
        groups = {}
        for line in lines:
            move = line.move_id
            if sheet := move.partner_id._get_price_sheet(move.company_id):
                key = (sheet, move.invoice_date, move.company_id)
                groups[key] = groups.get(key, self.browse()) + line
        ruled_groups = []
        for (sheet, date, company), group in groups.items():
            sheet = sheet.sudo().with_company(company)
            when = datetime.combine(date, time(12)) if date else fields.Datetime.now()
            rules = sheet._get_applicable_rules(group.product_id.sudo(), when)
            if rules:
                ruled_groups.append((group, rules, when))
        return ruled_groups

    def _get_price_sheet_price(self, rules, when, quantity):
        """
        :param rules: of the customer's price sheet: the first that applies counts
        :param datetime when: for the rates of currencies
        :param float quantity: in the unit of the line
        :return: the price of a unit in the currency of the invoice, or None: the sheet has none
        """
        self.ensure_one()
        move = self.move_id
        product = self.product_id.sudo().with_company(move.company_id)
        uom = self.product_uom_id or product.uom_id
        quantity = uom._compute_quantity(quantity, product.uom_id, raise_if_failure=False)
        rule = next(
            (
                sheet_rule
                for sheet_rule in rules
                if sheet_rule._is_applicable_for(product, quantity)
            ),
            None,
        )
        if not rule:
            return None
        price = rule._compute_price(product, quantity, uom, date=when, currency=move.currency_id)
        taxes = product.taxes_id._filter_taxes_by_company(move.company_id)
        return product._get_tax_included_unit_price_from_price(
            price, taxes, fiscal_position=move.fiscal_position_id
        )

    def _get_list_price(self):
        move = self.move_id
        return self.product_id._get_tax_included_unit_price(
            move.company_id,
            move.currency_id,
            move.date,
            "sale",
            fiscal_position=move.fiscal_position_id,
            product_uom=self.product_uom_id,
        )

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
