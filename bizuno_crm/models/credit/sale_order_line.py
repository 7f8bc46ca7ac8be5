from odoo import api, models
from odoo.exceptions import AccessError, UserError

from ... import messages
from ...logic.credit_amounts import follows
from ...reports.credit import order_left
from ..base.given import with_given_defaults


class SaleOrderLine(models.Model):
    # The lines of orders, changed through the order or by themselves.

    _name = "sale.order.line"
    _inherit = ["sale.order.line", "bizuno.computed.mixin"]

    @api.model_create_multi
    def create(self, vals_list):
        create = super().create
        vals_list = with_given_defaults(self, vals_list, "order_id", "invoice_lines")
        self._check_invoice_links(*vals_list)
        if not self.env["res.company"]._is_credit_controlled():
            return create(vals_list)
        orders = self.order_id.browse(
            sorted({vals["order_id"] for vals in vals_list if vals.get("order_id")})
        )
        return orders._change_under_credit_control(lambda: create(vals_list))

    def write(self, vals):
        write = super().write
        self._check_invoice_links(vals)
        if not self.env["res.company"]._is_credit_controlled():
            return write(vals)
        billed = self.browse()
        if not vals.keys().isdisjoint(("order_id", "invoice_lines")):
            billed = self._get_billed_with_approval()
        orders = self.order_id | self.order_id.browse(vals.get("order_id"))
        return orders._change_under_credit_control(
            lambda: billed._keep_billed_with_approval(lambda: write(vals))
        )

    def unlink(self):
        unlink = super().unlink
        if not self.env["res.company"]._is_credit_controlled():
            return unlink()
        billed = self._get_billed_with_approval()
        return self.order_id._change_under_credit_control(
            lambda: billed._keep_billed_with_approval(unlink)
        )

    def _check_invoice_links(self, *vals_list):
        """What of an order counts as invoiced is for those to say who invoice. Odoo's page sends
        an empty list along with each new line, whoever enters it: that says nothing."""
        if self.env.su or all(vals.get("invoice_lines", []) == [] for vals in vals_list):
            return
        if not self.env.user.has_group("account.group_account_invoice"):
            raise AccessError(
                messages.computed_fields_refused(
                    self.env,
                    self.sudo().order_id[:1].display_name or self._description,
                    [self._fields["invoice_lines"]._description_string(self.env)],
                )
            )

    def _get_billed_with_approval(self):
        """:return: as the system, those of approved orders that posted invoices bill"""
        billed = self.sudo().filtered(lambda line: line._get_posted_bills())
        if not billed:
            return billed
        approvals = self.env["bizuno.credit.approval"]._get_latest(billed.order_id)
        return billed.filtered(lambda line: line.order_id.id in approvals)

    def _get_posted_bills(self):
        """:return: what is posted for the line, less what somebody else is credited"""
        return self.invoice_lines.filtered(
            lambda bill: (
                bill.parent_state == "posted"
                and bill.move_id.is_sale_document(include_receipts=True)
                and (
                    bill.move_id.move_type != "out_refund"
                    or self._is_billed_to_customer(bill.move_id)
                )
            )
        )

    def _keep_billed_with_approval(self, change):
        """What is billed, and not credited, uses up the approval of its order and stays with it.

        :param change: does something that might part lines from their orders or invoices
        :return: what it returns
        :raise UserError: if it does
        """
        known = [(line, line.order_id, line._get_posted_bills()) for line in self]
        amounts = {
            bill: -bill.move_id.direction_sign * bill.price_total
            for _line, _order, bills in known
            for bill in bills
        }
        result = change()
        for line, order, bills in known:
            if line.exists() and line.order_id == order:
                bills -= line.invoice_lines
            if sum(map(amounts.get, bills)) > 0:
                raise UserError(messages.approved_bill_parted(self.env, order, bills.move_id[0]))
        return result

    def _is_credit_amount_doubtful(self):
        """Whether the stored amounts may be something else than Odoo would work out."""
        self.ensure_one()
        if self.display_type:
            return bool(self.price_subtotal or self.price_tax or self.price_total)
        taxes = self.tax_ids
        included = taxes.filtered("price_include")
        return (
            bool(self.extra_tax_data)
            or any(tax.amount_type != "percent" or tax.include_base_amount for tax in taxes)
            or included not in (taxes, taxes.browse())
            or not abs(self.price_subtotal + self.price_tax - self.price_total)
            < self.currency_id.rounding
            or not follows(
                self.product_uom_qty,
                self.price_unit,
                self.discount,
                self.price_subtotal,
                self.price_total,
                taxes.mapped("amount"),
                bool(included),
                self.currency_id.rounding,
            )
        )

    def _get_billed(self, along=None, without=None):
        """What posted invoices bill of the line, less credit notes. A down payment is what the line
        of the invoice says, which is not for sellers to change.

        What is given back is left of the order again as far as its customer has been credited, and
        no further: a credit note of nothing makes no room for another invoice.

        :return: (quantity in the unit of the line, what was paid down, with taxes, in its currency)
        """
        self.ensure_one()
        quantity = paid_down = 0.0
        unit = self.price_total / self.product_uom_qty if self.product_uom_qty else 0.0
        for bill in self.invoice_lines:
            move = bill.move_id
            if not move.is_sale_document(include_receipts=True):
                continue
            is_posted = move.state == "posted" or move.payment_state == "invoicing_legacy"
            if not ((along and move == along) or (is_posted and move != without)):
                continue
            sign = -move.direction_sign
            rate = 1.0
            if move.currency_id != self.currency_id:
                rate = (self.order_id.currency_rate or 1.0) / (move.invoice_currency_rate or 1.0)
            amount = sign * bill.price_total * rate
            if bill.is_downpayment:
                if amount > 0 or self._is_billed_to_customer(move):
                    paid_down += amount
                continue
            factor = (bill.product_uom_id.factor or 1.0) / (self.product_uom_id.factor or 1.0)
            billed = sign * bill.quantity * factor
            if billed < 0 < unit:
                is_own = self._is_billed_to_customer(move)
                billed = max(billed, min(amount, 0.0) / unit) if is_own else 0.0
            quantity += billed
        return quantity, paid_down

    def _is_billed_to_customer(self, move):
        return move.commercial_partner_id == self.order_id.partner_invoice_id.commercial_partner_id

    @api.model
    def _get_bills_sql(self, is_billed):
        """What `_get_billed` adds up, of many lines at once: a query, see
        `order_left.invoices_sql`."""
        return order_left.invoices_sql(is_billed)

    def _get_quantity_left(self, billed):
        """What is not on posted invoices of what is ordered, or delivered where more is and will be
        billed.

        :param float billed: in the unit of the line
        """
        self.ensure_one()
        ordered = self.product_uom_qty
        if ordered < 0:
            return min(ordered - billed, 0.0)
        return max(ordered - billed, min(self.qty_to_invoice, self.qty_delivered - billed), 0.0)

    def _get_quantity_delivered(self):
        """What is delivered by moves of stock, and what vendors have billed to be charged on; what
        anybody can type in or enter counts as far as it is ordered. In the unit of the line."""
        self.ensure_one()
        if self.qty_delivered_method == "stock_move":
            return self._prepare_qty_delivered()[self]
        known = self.product_uom_qty
        if self.qty_delivered_method == "analytic" and self.qty_delivered > known:
            charged = self.env["account.analytic.line"].search([("so_line", "=", self.id)])
            bills = charged.move_line_id.filtered(
                lambda record: (
                    record.parent_state == "posted"
                    and record.product_id == self.product_id
                    and record.move_id.is_purchase_document(include_receipts=True)
                )
            )
            known = max(known, sum(bills.mapped("quantity")))
        return min(self.qty_delivered, known)

    def _is_billed_as_delivered(self, bill, along):
        """Whether a line of an invoice bills no more than what is delivered and not billed yet, at
        no more than the price of the order, and with no tax but those of the order or of the
        product.

        :param bill: `account.move.line`
        :param along: its invoice if that is not posted yet, else None
        """
        self.ensure_one()
        delivered = self._get_quantity_delivered()
        billed, _paid_down = self._get_billed(along=along)
        unit_factor = (bill.product_uom_id.factor or 1.0) / (self.product_uom_id.factor or 1.0)
        price = bill.price_unit * (1 - (bill.discount or 0.0) / 100.0) / unit_factor
        if bill.currency_id != self.currency_id:
            price = bill.currency_id._convert(
                price, self.currency_id, self.company_id, bill.date, round=False
            )
        agreed = self.price_unit * (1 - (self.discount or 0.0) / 100.0)
        return (
            bill.tax_ids <= self.tax_ids | (bill._get_computed_taxes() or bill.tax_ids.browse())
            and self.product_uom_id.compare(billed, delivered) <= 0
            and self.currency_id.compare_amounts(price, agreed) <= 0
        )
