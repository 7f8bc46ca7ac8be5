from typing import NamedTuple

from odoo import api, models
from odoo.addons.bizuno_crm import messages
from odoo.exceptions import UserError

from ..reports.till_exposure import SOLD


class TillPaid(NamedTuple):
    """What was paid, or judged as sold on account, before the invoice of a sale is made. A context
    that comes with a remote call can hold no such object."""

    amount: float


class PosOrder(models.Model):
    """What is sold on account is under credit control, like an invoice; what is paid never is."""

    _inherit = "pos.order"

    @api.model_create_multi
    def create(self, vals_list):
        # Worked out from the date, whatever a remote call says.
        vals_list = [self._without_rate(vals) for vals in vals_list]
        create = super().create
        return self.browse()._change_under_till_credit(lambda: create(vals_list), is_new=True)

    def write(self, vals):
        vals = self._without_rate(vals)
        write = super().write
        return self._change_under_till_credit(lambda: write(vals))

    def _generate_pos_order_invoice(self):
        sold = self.filtered(lambda order: order.state in SOLD)
        paid = TillPaid(sum(sold.payment_ids.mapped("amount")))
        return super(
            PosOrder, self.with_context(bizuno_till_paid=paid)
        )._generate_pos_order_invoice()

    @api.model
    def _without_rate(self, vals):
        return {name: value for name, value in vals.items() if name != "currency_rate"}

    def _get_on_account(self):
        """:return: {order: (commercial partner, what of the sale is on account)} of those that are
        sold and not invoiced"""
        found = {}
        for order in self.sudo():
            amount = 0.0
            if order.state in SOLD and not order.account_move:
                on_account = order.payment_ids.filtered(
                    lambda payment: payment.payment_method_id.type == "pay_later"
                )
                amount = order.currency_id.round(sum(on_account.mapped("amount")))
            found[order] = order.partner_id.commercial_partner_id, amount
        return found

    def _change_under_till_credit(self, change, is_new=False):
        """Change sales, and judge those of which more is on account than before, or on somebody
        else's: whatever the change was.

        :param change: does it
        :param bool is_new: it makes the sales
        :return: what `change` returns
        :raise UserError: one sentence, if the credit policy stops a sale
        """
        before = self._get_on_account()
        result = change()
        after = (result if is_new else self)._get_on_account()
        nothing = self.env["res.partner"], 0.0
        for order, (customer, amount) in after.items():
            known, known_amount = before.get(order, nothing)
            grown = amount > known_amount or (amount > 0 and customer != known)
            if grown and customer:
                order._judge_on_account(customer.with_env(self.env), amount)
        return result

    def _judge_on_account(self, customer, amount):
        """
        :param customer: commercial partner
        :param float amount: on account, in the currency of the sale
        :raise UserError: one sentence, if the credit policy stops the sale
        """
        self.ensure_one()
        company = self.company_id
        lent = amount / (self.currency_rate or 1.0)

        def judge(partner):
            label = self.env._("this sale")
            return partner._judge_credit_amount(company, lent, label, counted=True)

        action, text = judge(customer)
        if action == "warn":
            # Everybody who sees the sale reads its log.
            action, text = judge(customer.with_context(credit_without_figures=True))
            self._message_log(body=text, author_id=self.env.user.partner_id.id)
        elif action:
            name = self.pos_reference or self.name
            raise UserError(messages.credit_blocked(self.env, name, text))
