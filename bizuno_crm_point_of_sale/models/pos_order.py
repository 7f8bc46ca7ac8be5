from typing import NamedTuple

from odoo import api, models
from odoo.addons.bizuno_crm import messages
from odoo.exceptions import UserError

from ..reports.till_bills import UNSOLD
from ..reports.till_exposure import SOLD

# Where the sales are noted whose change is under way; no remote call reaches the cursor.
_WATCH = "bizuno_till_watch"


class TillPaid(NamedTuple):
    """What was paid, or judged as sold on account, before the invoice of a sale is made. A context
    that comes with a remote call can hold no such object."""

    amount: float


# What is sold on account is under credit control, like an invoice; what is paid never is.
class PosOrder(models.Model):
    _inherit = "pos.order"

    @api.model_create_multi
    def create(self, vals_list):
        # Worked out from the date, whatever a remote call says.
        vals_list = [self._without_rate(vals) for vals in vals_list]
        create = super().create

        def change():
            return self.browse()._change_under_till_credit(lambda: create(vals_list), is_new=True)

        # Its payments come after its lines.
        return self._get_orders_of(vals_list)._change_at_till(change, self.browse())

    def write(self, vals):
        vals = self._without_rate(vals)
        write = super().write

        def change():
            return self._change_under_till_credit(lambda: write(vals))

        if not vals.keys() & {"lines", "payment_ids", "state"}:
            return change()
        # What is sold no more is left of its order again.
        orders = self.sudo().lines.sale_order_line_id.order_id | self._get_orders_of([vals])
        return orders._change_at_till(change, self)

    def _generate_pos_order_invoice(self):
        sold = self.filtered(lambda order: order.state in SOLD)
        paid = TillPaid(sum(sold.payment_ids.mapped("amount")))
        return super(
            PosOrder, self.with_context(bizuno_till_paid=paid)
        )._generate_pos_order_invoice()

    @api.model
    def _get_orders_of(self, vals_list):
        """:return: the orders that new and changed lines of these values name, as the system"""
        commands = (command for vals in vals_list for command in vals.get("lines") or ())
        return self.env["pos.order.line"]._get_orders_of(
            *(
                line_command[2]
                for line_command in commands
                if len(line_command) == 3 and isinstance(line_command[2], dict)
            )
        )

    @api.model
    def _without_rate(self, vals):
        return {name: value for name, value in vals.items() if name != "currency_rate"}

    def _get_on_account(self):
        """:return: {order: (commercial partner, what of the sale is on account)} of those that are
        sold and not invoiced"""
        on_account_by_order = {}
        for order in self.sudo():
            amount = 0.0
            if order.state in SOLD and not order.account_move:
                on_account = order.payment_ids.filtered(
                    lambda payment: payment.payment_method_id.type == "pay_later"
                )
                amount = order.currency_id.round(sum(on_account.mapped("amount")))
            on_account_by_order[order] = order.partner_id.commercial_partner_id, amount
        return on_account_by_order

    def _change_under_till_credit(self, change, is_new=False):
        """Change sales, and judge those of which more is on account than before, or on somebody
        else's: whatever the change was.

        :param change: does it
        :param bool is_new: it makes the sales
        :return: what `change` returns
        :raise UserError: one sentence, if the credit policy stops a sale
        """
        cache = self.env.cr.cache
        outer = cache.get(_WATCH)
        # A change within another one (the payments of a new sale) is a part of that.
        watch = cache[_WATCH] = {} if outer is None else outer
        try:
            for order, known in self._get_on_account().items():
                watch.setdefault(order.id, (*known, order.state in SOLD))
            result = change()
            if is_new:
                watch |= dict.fromkeys(result.ids, (self.env["res.partner"], 0.0, False))
        finally:
            if outer is None:
                cache.pop(_WATCH, None)
        if outer is None:
            self.browse(watch)._judge_change(watch)
        return result

    def _judge_change(self, before):
        """
        :param before: {id: (commercial partner, what was on account, whether it was sold)}
        :raise UserError: one sentence, if the credit policy stops one of these sales
        """
        for order, (customer, amount) in self._get_on_account().items():
            known, known_amount, was_sold = before[order.id]
            grown = amount > known_amount or (amount > 0 and customer != known)
            if grown and customer:
                # What was sold before has left its orders before, and makes no room twice.
                taken_over = 0.0 if was_sold else order._get_taken_over(customer)
                order._judge_on_account(customer.with_env(self.env), amount, taken_over)

    def _get_credit_volumes(self):
        """:return: {sale: (commercial partner, what was paid of it in any way, on account too)}, as
        `bizuno.credit.watch.mixin` says it of invoices"""
        volumes = {}
        for order in self.sudo():
            is_sold = order.state not in UNSOLD
            amount = sum(order.payment_ids.mapped("amount")) if is_sold else 0.0
            customer = order.partner_id.commercial_partner_id
            volumes[order] = customer, amount / (order.currency_rate or 1.0)
        return volumes

    def _get_credit_of_order(self, sale_order):
        """What of these sales is of an order: their lines of it, and what is on account beyond
        what their lines of orders come to; in the currency of the order."""
        amount = 0.0
        for sale in self.sudo():
            linked = sale.lines.filtered("sale_order_line_id")
            lines = linked.filtered(lambda line: line.sale_order_line_id.order_id == sale_order)
            on_account = sale.payment_ids.filtered(
                lambda payment: payment.payment_method_id.type == "pay_later"
            )
            besides = sum(on_account.mapped("amount")) - sum(linked.mapped("price_subtotal_incl"))
            sold = sum(lines.mapped("price_subtotal_incl"))
            if sold < 0:
                # What the order's own customer was given back, and no more.
                is_own = sale.partner_id.commercial_partner_id == sale_order._get_credit_customer()
                paid = sum(sale.payment_ids.mapped("amount"))
                sold = max(sold, min(paid, 0.0)) if is_own else 0.0
            amount += (sold + max(besides, 0.0)) * sale._get_rate_to_order(sale_order)
        return amount

    def _get_rate_to_order(self, sale_order):
        """:return: how much of the order's currency one of this sale's is"""
        self.ensure_one()
        if self.currency_id == sale_order.currency_id:
            return 1.0
        return (sale_order.currency_rate or 1.0) / (self.currency_rate or 1.0)

    def _get_credit_allowances(self, customer):
        """What was approved on an order is approved for its sale, up to the same amount, as it is
        for its invoices: if nothing else is sold with it, and to the order's own customer."""
        self.ensure_one()
        sale = self.sudo()
        orders = sale.lines.sale_order_line_id.order_id
        is_whole = orders and all(line.sale_order_line_id for line in sale.lines)
        if not is_whole or any(order._get_credit_debtors() != customer for order in orders):
            return ()
        approvals = self.env["bizuno.credit.approval"]._get_latest(orders)
        return (
            [order._get_credit_allowance(approvals, order._get_credit_used()) for order in orders],
        )

    def _get_taken_over(self, customer):
        """What this sale takes over from orders of its customer that counted against the limit
        before, in the currency of the company: as `account.move._get_taken_over` says it of an
        invoice.

        :param customer: commercial partner
        """
        self.ensure_one()
        company, taken = self.sudo().company_id, 0.0
        if company.credit_scope != "invoices_and_orders":
            return taken
        companies = company._get_credit_tree_ids()
        for order in self.sudo().lines.sale_order_line_id.order_id:
            if (
                order.state == "sale"
                and order.company_id.id in companies
                and order._get_credit_customer() == customer
            ):
                change = order._get_amount_left(without=self) - order._get_amount_left()
                taken += order._get_credit_in_company(company, change)
        return taken

    def _judge_on_account(self, customer, amount, taken_over):
        """
        :param customer: commercial partner
        :param float amount: on account, in the currency of the sale
        :param float taken_over: by how much less is left of orders, in that of the company
        :raise UserError: one sentence, if the credit policy stops the sale
        """
        self.ensure_one()
        company = self.company_id
        lent = amount / (self.currency_rate or 1.0)
        allowances = self._get_credit_allowances(customer.sudo())

        def judge(partner):
            label = self.env._("this sale")
            return partner._judge_credit_amount(
                company, lent, label, counted=True, taken_over=taken_over, allowances=allowances
            )

        action, text = judge(customer)
        if action == "warn":
            # Everybody who sees the sale reads its log.
            action, text = judge(customer.with_context(credit_without_figures=True))
            self._message_log(body=text, author_id=self.env.user.partner_id.id)
        elif action:
            name = self.pos_reference or self.name
            raise UserError(messages.credit_blocked(self.env, name, text))
