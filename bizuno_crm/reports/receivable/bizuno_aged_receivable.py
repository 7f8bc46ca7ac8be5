from odoo import api, fields, models
from odoo.tools import SQL

from ... import hooks, messages
from .open_items import OpenItems


class BizunoAgedReceivable(models.Model):
    """The open items of all customers: invoices, credit notes, instalments, entries and payments.

    Everything that shows aged receivables reads these rows. Amounts are booked amounts in the
    company's currency. A row stands in one bucket, or, being money received that is not matched
    with a document, in `unapplied`.
    """

    _name = "bizuno.aged.receivable"
    _inherit = [
        "bizuno.aged.item.mixin",
        "bizuno.aged.collection.mixin",
        "bizuno.aged.dashboard.mixin",
        "bizuno.aged.statement.mixin",
    ]
    _description = "Aged Receivable"
    _auto = False
    _account_type = "asset_receivable"
    _item_model = "bizuno.aged.receivable"
    _partner_model = "bizuno.aged.customer"
    _report_model = "bizuno.aged.receivable.report"

    partner_id = fields.Many2one(string="Customer")
    customer_reference = fields.Char(string="Customer PO")
    is_disputed = fields.Boolean(
        string="In Dispute",
        readonly=True,
        help="Marked “No Follow-Up” on the document: it stays receivable, but the customer is not "
        "asked to pay it.",
    )
    unapplied = fields.Monetary(help="Payments received that are not matched with an invoice.")

    def init(self):
        """Odoo calls this with every installation and update."""
        hooks._aging_ensure_index(self.env)
        return super().init()

    @api.model
    def _get_open_receivable_sql(self, company, partner_ids=None):
        """What customers owe now, as credit control counts it: everything posted, whatever its
        date, in the company and its branches; but what is dated later and lowers what they owe, a
        post-dated cheque, frees nothing before its date. `past_due` is without what is in dispute.
        A query: partner_id (the commercial partner), total, past_due, unapplied; without those who
        have no open item.

        No rights are checked: for decisions, never to be shown to whoever may not see figures.
        `_flush_sources` must come first.

        :param company: a `res.company`; amounts are in its currency
        :param partner_ids: ids of commercial partners; None for all customers
        """
        return OpenItems(
            self.env,
            self._account_type,
            fields.Date.context_today(self),
            companies=self._get_company_tree_sql(company),
            partner_ids=partner_ids,
            everything_posted=True,
        ).select_totals()

    @api.model
    def _get_company_tree_sql(self, company):
        """The company with its branches, archived ones too: they share its receivable accounts and
        its limits.

        :return: SQL array of ids
        """
        return SQL("%s::integer[]", list(company._get_credit_tree_ids()))

    # who may see them

    @api.model
    def _sees_all(self):
        user = self.env.user
        return self.env.su or (
            user._sees_all_receivables()
            and not user.has_group("bizuno_crm.group_own_contacts_only")
        )

    @api.model
    def _get_visible_companies(self):
        """All, or those that let sales reps see their own customers'."""
        if not self.has_access("read"):
            return self.env["res.company"]
        companies = self.env.companies
        return companies if self.env.su else self.env.user._filter_with_receivables(companies)

    @api.model
    def _get_refusal(self):
        if self._get_visible_companies():
            return False
        return messages.receivables_not_allowed(self.env, self.env.companies)

    @api.model
    def _get_hint(self):
        if self._sees_all():
            return False
        hidden = self.env.companies - self._get_visible_companies()
        if hidden:
            return messages.receivables_of_own_customers_but(self.env, hidden)
        return messages.receivables_of_own_customers(self.env)
