from odoo import api, models
from odoo.fields import Domain

# What posting writes: nothing that changes the amount.
_POSTING_FIELDS = {"state", "posted_before"}


class AccountMove(models.Model):
    """Customer invoices under credit control. Credit notes have a status, but are never stopped."""

    _name = "account.move"
    _inherit = ["account.move", "bizuno.credit.mixin"]

    _credit_customer_path = "commercial_partner_id"

    @api.depends("partner_id", "company_id", "state", "move_type", "amount_total_signed",
                 "invoice_line_ids.price_total", "partner_id.account_restriction")  # fmt: skip
    def _compute_credit_status(self):
        return super()._compute_credit_status()

    def _compute_invoice_partner_display_info(self):
        # Stored: what only somebody who chooses a customer is told must not get into it.
        moves = self.with_context(res_partner_search_mode=False)
        return super(AccountMove, moves)._compute_invoice_partner_display_info()

    def _get_alerts(self):
        # One message, not two: Odoo's own credit warning gives way to this one.
        alerts = super()._get_alerts()
        if self._is_credit_pending() and self.credit_message:
            alerts.pop("account_partner_credit_warning", None)
        return alerts

    def write(self, vals):
        # Button, list action, cron and payment all post by writing the state, as a remote call can.
        pending = self.browse()
        if vals.get("state") == "posted":
            pending = self.filtered(lambda move: move.state != "posted" and move._lends())
        if not pending:
            return super().write(vals)
        return pending._write_under_credit_control(
            lambda: super(AccountMove, self).write(vals),
            pending,
            changes_amounts=not vals.keys() <= _POSTING_FIELDS,
        )

    def _lends(self):
        return self.move_type in ("out_invoice", "out_receipt")

    @api.model
    def _get_credit_domain(self):
        return (
            Domain("move_type", "in", ("out_invoice", "out_receipt", "out_refund"))
            & Domain("state", "!=", "cancel")
            & Domain("partner_id", "!=", False)
        )

    @api.model
    def _get_credit_pending_domain(self):
        return Domain("move_type", "in", ("out_invoice", "out_receipt")) & Domain(
            "state", "=", "draft"
        )

    def _get_credit_amount(self, company):
        return self._get_credit_added(company) if self.state == "draft" and self._lends() else 0.0

    def _get_credit_added(self, company):
        if self.id or not self.tax_totals:
            amount = self.amount_total_signed
        else:
            # In a form that is not saved yet only these totals are up to date.
            is_foreign = self.currency_id != self.company_currency_id
            amount = self.tax_totals["total_amount" if is_foreign else "total_amount_currency"]
        if company.sudo().credit_scope == "invoices_and_orders":
            amount -= sum(self._get_invoiced_orders(company).values())
        return max(company.currency_id.round(amount), 0.0)

    def _get_invoiced_orders(self, company):
        """
        :return: {order: what this invoice takes over from it}, in the currency of the company: at
            most what is left of the order to invoice
        """
        self.ensure_one()
        orders = self.sudo().line_ids.sale_line_ids.order_id
        found = {}
        for order in orders.filtered(lambda one: one.state == "sale"):
            # A posted invoice is in the invoiced amount already.
            portion = self.sudo()._get_sale_order_invoiced_amount(order)
            left = order._get_amount_not_invoiced()
            if self.state == "posted":
                left += portion
            found[order] = company.currency_id.round(
                min(max(portion, 0.0), left) / (order.currency_rate or 1.0)
            )
        return found

    def _is_credit_counted_once_confirmed(self, company):
        return True

    def _get_credit_paid(self, company):
        transactions = self.sudo().transaction_ids.filtered(
            lambda one: one.state in ("authorized", "done") and not one.payment_id
        )
        paid = max(sum(transactions.mapped("amount")), 0.0)
        if not paid or not self.amount_total:
            return 0.0
        return company.currency_id.round(self.amount_total_signed * paid / self.amount_total)

    def _is_credit_stopped_by_hold(self, company, paid):
        # What is paid in full lends nothing, whoever the customer is.
        return company.currency_id.compare_amounts(self.amount_total_signed, paid) > 0

    def _is_credit_approved(self):
        return super()._is_credit_approved() or self._is_approved_with_orders()

    def _is_approved_with_orders(self):
        """What was approved on an order is approved on its invoices, up to the same amount."""
        self.ensure_one()
        move = self.sudo()
        products = move.invoice_line_ids.filtered(lambda line: line.display_type == "product")
        orders = products.sale_line_ids.order_id
        if not orders or any(not line.sale_line_ids for line in products):
            return False
        for order in orders:
            invoiced = order.amount_invoiced
            if move.state != "posted":
                invoiced += move._get_sale_order_invoiced_amount(order)
            if not order._is_credit_approved_up_to(invoiced):
                return False
        return True

    def _get_credit_label(self):
        return self.env._("this invoice")
