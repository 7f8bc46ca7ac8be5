from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_amount

from ...logic import document_number
from ..base.bizuno_guard import readers_only
from .bizuno_customer_aging_mixin import READERS, BizunoCustomerAgingMixin, receivable_figure
from .bizuno_customer_statement_mixin import BizunoCustomerStatementMixin
from .bizuno_first_sale_mixin import FIRST_SALE_READERS, BizunoFirstSaleMixin
from .bizuno_vendor_aging_mixin import (
    PAYABLE_READERS,
    BizunoVendorAgingMixin,
    payable_figure,
)


class ResPartner(models.Model):
    # What a customer owes, the statement of it, the history, and how the customer paid over the
    # past year; what is owed to a vendor.

    _name = "res.partner"
    _inherit = [
        BizunoCustomerAgingMixin._name,
        BizunoCustomerStatementMixin._name,
        BizunoFirstSaleMixin._name,
        BizunoVendorAgingMixin._name,
        "res.partner",
    ]

    # Odoo's own totals have groups, and a search that asks for none: whoever may not read what a
    # customer owes would find it out by halving.
    credit = fields.Monetary(search="_search_credit")
    debit = fields.Monetary(search="_search_debit")
    # aged receivables
    aged_current = receivable_figure("aged_current", string="Current")
    aged_1_30 = receivable_figure("aged_1_30", string="1-30 Days Late")
    aged_31_60 = receivable_figure("aged_31_60", string="31-60 Days Late")
    aged_61_90 = receivable_figure("aged_61_90", string="61-90 Days Late")
    aged_91_120 = receivable_figure("aged_91_120", string="91-120 Days Late")
    aged_over_120 = receivable_figure("aged_over_120", string="Over 120 Days Late")
    aged_total = receivable_figure("aged_total", help="Open invoices less credit notes.")
    aged_past_due = receivable_figure(
        "aged_past_due", string="Past Due", help="Total less what is not due yet."
    )
    unapplied_credit = receivable_figure(
        "unapplied_credit", help="Payments received that are not matched with an invoice yet."
    )
    aged_balance = receivable_figure(
        "aged_balance", string="Balance", help="Total less unapplied payments."
    )
    aged_summary = fields.Char(
        string="Receivables in Words", compute="_compute_aged_summary", groups=READERS
    )
    # For the page, which would else have to ask for the domain before it asks for the documents.
    aged_domain = fields.Char(
        string="Filter of Open Documents", compute="_compute_aged_domain", groups=READERS
    )
    is_aging_visible = fields.Boolean(compute="_compute_is_aging_visible")
    # history
    history_ids = fields.One2many(
        comodel_name="bizuno.customer.history",
        inverse_name="partner_id",
        readonly=True,
        groups=READERS,
    )
    history_paid_count = fields.Integer(
        string="Invoices Paid in the Past Year", compute="_compute_history", groups=READERS
    )
    history_average_sale = fields.Monetary(
        string="Average Sale", compute="_compute_history", groups=READERS
    )
    history_payment_days = fields.Float(
        string="Average Days Late",
        compute="_compute_history",
        groups=READERS,
        digits=(16, 1),
        help="Days from the due date to the payment, averaged over the invoices paid in the past "
        "year; a negative number means early.",
    )
    history_payment_habit = fields.Char(
        string="Pays on Average", compute="_compute_history", groups=READERS
    )
    date_first_sale = fields.Date(
        string="First Sale",
        compute="_compute_date_first_sale",
        search="_search_date_first_sale",
        groups=",".join(FIRST_SALE_READERS),
        help="The date of the first confirmed order or posted invoice in the current company.",
    )
    # aged payables
    aged_payable_current = payable_figure("aged_payable_current", string="Payable, Current")
    aged_payable_1_30 = payable_figure("aged_payable_1_30", string="Payable, 1-30 Days Late")
    aged_payable_31_60 = payable_figure("aged_payable_31_60", string="Payable, 31-60 Days Late")
    aged_payable_61_90 = payable_figure("aged_payable_61_90", string="Payable, 61-90 Days Late")
    aged_payable_91_120 = payable_figure("aged_payable_91_120", string="Payable, 91-120 Days Late")
    aged_payable_over_120 = payable_figure(
        "aged_payable_over_120", string="Payable, Over 120 Days Late"
    )
    aged_payable_total = payable_figure(
        "aged_payable_total", string="Payable, Total", help="Open bills less refunds."
    )
    aged_payable_past_due = payable_figure(
        "aged_payable_past_due",
        string="Payable, Past Due",
        help="Total less what is not due yet.",
    )
    unapplied_debit = payable_figure(
        "unapplied_debit",
        string="Unapplied Debit",
        help="Payments made that are not matched with a bill yet.",
    )
    # For the page, which would else have to ask for the domain before it asks for the documents.
    aged_payable_domain = fields.Char(
        string="Filter of Open Bills",
        compute="_compute_aged_domain",
        groups=PAYABLE_READERS,
    )

    @api.model
    @readers_only("credit")
    def _search_credit(self, operator, value):
        return self._credit_search(operator, value)

    @api.model
    @readers_only("debit")
    def _search_debit(self, operator, value):
        return self._debit_search(operator, value)

    @api.depends_context("allowed_company_ids", "uid", "tz", "lang")
    def _compute_history(self):
        """One query for any number of customers, as the user who asks."""
        since = fields.Date.subtract(fields.Date.context_today(self), years=1)
        groups = self.env["bizuno.customer.history"]._read_group(
            [
                ("partner_id", "in", self.commercial_partner_id._origin.ids),
                ("company_id", "in", self._get_aging_companies().ids),
                ("kind", "=", "invoice"),
                ("date_closed", ">=", since),
            ],
            ["partner_id"],
            ["__count", "amount_company:avg", "payment_days:avg"],
        )
        figures = {partner.id: values for partner, *values in groups}
        for partner in self:
            count, average, days = figures.get(
                partner.commercial_partner_id._origin.id, (0, 0.0, None)
            )
            partner.history_paid_count = count
            partner.history_average_sale = average
            partner.history_payment_days = float(days or 0.0)
            partner.history_payment_habit = partner._get_payment_habit(days)

    def _get_payment_habit(self, days):
        if days is None:
            return False
        rounded = round(float(days), 1)
        if not rounded:
            return self.env._("on the due date")
        if abs(rounded) == 1:
            return self.env._("1 day late") if rounded > 0 else self.env._("1 day early")
        if rounded > 0:
            return self.env._("%(days)s days late", days=rounded)
        return self.env._("%(days)s days early", days=-rounded)

    def get_history_facts(self):
        """How the customer paid over the past year, for the head of the history.

        :return: [[label, text]] in the user's language, empty where nothing was paid
        :raise AccessError: without the right to see the history
        """
        self.ensure_one()
        self.env["bizuno.customer.history"].check_access("read")
        if not self.history_paid_count:
            return []
        texts = {
            "history_paid_count": str(self.history_paid_count),
            "history_average_sale": format_amount(
                self.env, self.history_average_sale, self.env.company.currency_id
            ),
            "history_payment_habit": self.history_payment_habit,
        }
        labels = self.fields_get(list(texts), ["string"])
        return [[labels[name]["string"], text] for name, text in texts.items() if text]

    @api.model
    def _get_lookup_domain(self, text):
        """Also who has the document of that number, as far as the user may read it."""
        domain = super()._get_lookup_domain(text)
        if not document_number.may_be(text):
            return domain
        accounts = set()
        for name, reference in (("account.move", "ref"), ("sale.order", "client_order_ref")):
            documents = self.env[name]
            if not documents.has_access("read"):
                continue
            documents = documents.search_fetch(
                Domain("partner_id", "!=", False)
                & (Domain("name", "=ilike", f"%{text}") | Domain(reference, "=ilike", text)),
                ["name", reference, "partner_id"],
            ).filtered(
                lambda document, reference=reference: (
                    document_number.is_said(text, document.name)
                    or document_number.is_said(text, document[reference])
                )
            )
            accounts.update(documents.sudo().partner_id.commercial_partner_id.ids)
        return domain | Domain("id", "in", list(accounts))

    def action_open_history(self):
        """Open the documents of the customer as a list to search in.

        :return: a window action
        """
        self.ensure_one()
        self.env["bizuno.customer.history"].check_access("read")
        return self._open_history("bizuno_crm.bizuno_customer_history_action_contact")

    def _open_history(self, xmlid):
        account = self.commercial_partner_id
        return account._open_of_contact(xmlid, [("partner_id", "=", account.id)])
