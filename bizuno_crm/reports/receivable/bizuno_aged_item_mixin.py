from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ... import messages
from ...logic import aging
from ...models.base.withhold import withhold
from .bizuno_aged_figures_mixin import OF_PARTNER
from .bizuno_aged_page_mixin import AS_OF
from .ledger_reconciliation import LedgerReconciliation
from .open_items import OpenItems

# What can be added up from those rows.
_SUMMED = {
    "__count",
    "days_late:max",
    *(f"{name}:sum" for name in (*aging.PARTS_OF, "balance", "item_count")),
}
# An as-of date in any other year is a slip of the keyboard; Excel begins with 1900.
_FIRST_YEAR, _LAST_YEAR = 1901, 2199


class BizunoAgedItemMixin(models.AbstractModel):
    """The open items of all partners on one side of the ledger: one row per document, instalment,
    entry or payment that was open on a date.

    Rows are today's, or those of the day in the context key `aged_at`: reconciliations with
    something dated later are undone, and due dates are counted from that day. The context key
    `aging_basis` overrides the company's setting.

    `balance` = `amount_total` − `unapplied`, and the balances of all rows make the balance of the
    accounts.
    """

    _name = "bizuno.aged.item.mixin"
    _inherit = [
        "bizuno.document.row.mixin", "bizuno.aged.figures.mixin", "bizuno.aged.page.mixin",
    ]  # fmt: skip
    _description = "Open Item"
    _rec_name = "reference"
    _order = "date_due, id"
    _row_narrowing = ("company_id", "partner_id", "id")
    # which accounts
    _account_type = None
    _depends = {
        "account.move": ["invoice_user_id", "journal_id", "move_type", "state"],
        "account.move.line": [
            "account_id", "amount_currency", "amount_residual", "amount_residual_currency",
            "balance", "company_currency_id", "company_id", "currency_id", "date", "date_maturity",
            "display_type", "invoice_date", "move_id", "move_name", "no_followup", "parent_state",
            "partner_id", "reconciled", "ref",
        ],
        "account.partial.reconcile": [
            "amount", "credit_amount_currency", "credit_move_id", "debit_amount_currency",
            "debit_move_id", "max_date",
        ],
        "account.account": ["account_type"],
        "res.company": ["aging_basis", "currency_id"],
        "res.partner": ["commercial_partner_id", "user_id"],
    }  # fmt: skip

    # the document
    move_id = fields.Many2one(comodel_name="account.move", string="Document", readonly=True)
    move_type = fields.Selection(
        selection=[
            ("entry", "Journal Entry"),
            ("out_invoice", "Customer Invoice"),
            ("out_refund", "Credit Note"),
            ("in_invoice", "Vendor Bill"),
            ("in_refund", "Vendor Credit Note"),
            ("out_receipt", "Sales Receipt"),
            ("in_receipt", "Purchase Receipt"),
        ],
        string="Type",
        readonly=True,
    )
    reference = fields.Char(readonly=True)
    customer_reference = fields.Char(readonly=True)
    account_id = fields.Many2one(comodel_name="account.account", readonly=True)
    date = fields.Date(readonly=True)
    invoice_date = fields.Date(readonly=True)
    date_due = fields.Date(string="Due Date", readonly=True)
    item_count = fields.Integer(string="Open Documents", readonly=True, aggregator="sum")

    # its age
    days_late = fields.Integer(
        readonly=True,
        aggregator="max",
        depends_context=AS_OF,
        help="A credit note or a payment is never late.",
    )
    bucket = fields.Selection(
        selection=[
            ("current", "Current"),
            ("1_30", "1-30"),
            ("31_60", "31-60"),
            ("61_90", "61-90"),
            ("91_120", "91-120"),
            ("over_120", "Over 120"),
            (aging.UNAPPLIED, "Unapplied"),
        ],
        readonly=True,
        depends_context=AS_OF,
    )

    # as the document states it
    document_currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)
    amount_document = fields.Monetary(
        string="In Document's Currency",
        currency_field="document_currency_id",
        readonly=True,
        depends_context=AS_OF,
        aggregator=None,
    )

    @property
    def _table_query(self):
        return self._get_open_items(
            partner_ids=self._get_narrowing("partner_id"),
            line_ids=self._get_narrowing("id"),
            asked_company_ids=self._get_narrowing("company_id"),
        ).select_rows()

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        return withhold(super().fields_get(allfields, attributes), ("item_count",))

    @api.model
    def _read_group(
        self, domain, groupby=(), aggregates=(), having=(), offset=0, limit=None, order=None
    ):
        """Sums of whole partners are added up from their rows: a list grouped by partner costs what
        the sum of all costs."""
        if not (
            groupby
            and OF_PARTNER.issuperset(groupby)
            and _SUMMED.issuperset(aggregates)
            and not having
            and _SUMMED.union(OF_PARTNER).issuperset(_ordered_by(order))
            and self._is_of_partners(domain)
        ):
            return super()._read_group(domain, groupby, aggregates, having, offset, limit, order)
        counted = {"__count": "item_count:sum"}
        return self.env[self._partner_model]._read_group(
            domain,
            groupby,
            [counted.get(name, name) for name in aggregates],
            offset=offset,
            limit=limit,
            order=order and order.replace("__count", "item_count:sum"),
        )

    @api.model
    def _read_group_orderby(self, order, groupby_terms, query):
        """Buckets by age, not by the alphabet: graph, pivot and columns of cards."""
        if "bucket" not in groupby_terms:
            return super()._read_group_orderby(order, groupby_terms, query)
        keys = [*(bucket.key for bucket in aging.BUCKETS), aging.UNAPPLIED]
        by_age = SQL("array_position(%s::text[], (%s)::text)", keys, groupby_terms["bucket"])
        terms = {**groupby_terms, "bucket": by_age}
        ordered = super()._read_group_orderby(order, terms, query)
        groupby_terms.update({**terms, "bucket": groupby_terms["bucket"]})
        return ordered

    # the engine

    @api.model
    def _get_open_items(self, **choice):
        """:return: the `OpenItems` at the date and basis of the context"""
        basis = self.env.context.get("aging_basis")
        return OpenItems(
            self.env,
            self._account_type,
            self._get_aged_at(),
            basis if basis in aging.BASES else None,
            **choice,
        )

    @api.model
    def _may_have_items(self, partners):
        """:return: whether these few commercial partners can have open items: whoever cannot need
        not be looked at in detail"""
        self._flush_sources()
        return self._get_open_items(partner_ids=partners.ids).may_exist()

    @api.model
    def _flush_sources(self, unread=()):
        """Write out what is pending of the models that the rows are made of.

        :param unread: names of fields that the query to come does not look at
        """
        for model, names in self._depends.items():
            self.env[model].flush_model([name for name in names if name not in unread])

    @api.model
    def _get_aged_at(self):
        """The as-of date: the context's, else today in the timezone of the user."""
        requested = self.env.context.get("aged_at")
        try:
            at = fields.Date.to_date(requested) or fields.Date.context_today(self)
        except (TypeError, ValueError) as problem:
            raise UserError(messages.date_not_understood(self.env, requested)) from problem
        return self._check_aged_at(at)

    @api.model
    def _check_aged_at(self, at):
        """:raise UserError: for a date that no ledger, calendar or workbook reaches"""
        if not _FIRST_YEAR <= at.year <= _LAST_YEAR:
            raise UserError(messages.aging_date_out_of_range(self.env, at, _FIRST_YEAR, _LAST_YEAR))
        return at

    @api.model
    def _get_basis(self):
        basis = self.env.context.get("aging_basis")
        return basis if basis in aging.BASES else self.env.company.aging_basis

    # the tie to the ledger

    @api.model
    def _get_ledger_reconciliations(self):
        """The accounts' balance by the ledger against these rows, at the as-of date, for
        each company the user works in.

        :return: [{"company", "ledger", "items", "difference", "entries"}]; `entries` are the
            journal items that make up a difference: [(account.move.line, difference)]
        """
        self.browse().check_access("read")
        if not self._sees_all():
            return []
        companies = self.env.companies
        self._flush_sources()
        ledger = LedgerReconciliation(self._get_open_items()).get_balances(companies)
        items = dict(self._read_group([], ["company_id"], ["balance:sum"]))
        accounts = []
        for company in companies:
            balance = ledger.get(company.id) or 0.0
            open_items = items.get(company) or 0.0
            difference = company.currency_id.round(balance - open_items)
            accounts.append(
                {
                    "company": company,
                    "ledger": balance,
                    "items": open_items,
                    "difference": difference,
                    "entries": self._get_difference_entries(company) if difference else [],
                }
            )
        return accounts

    @api.model
    def _get_difference_entries(self, company):
        own = self._get_open_items(companies=SQL("%s", company.ids))
        return LedgerReconciliation(own).get_differences(company)

    # who may see them

    @api.model
    def _sees_all(self):
        """Whether the user may see all rows of the companies that are switched on."""
        raise NotImplementedError

    @api.model
    def _get_visible_companies(self):
        """:return: of the companies that are switched on, those of which the user may see rows"""
        raise NotImplementedError

    @api.model
    def _get_refusal(self):
        """:return: why the user sees nothing here, in a sentence, or False"""
        raise NotImplementedError

    @api.model
    def _get_hint(self):
        """:return: what the user is not shown, in a sentence, or False"""
        raise NotImplementedError

    @api.model
    def _check_sight(self):
        """:raise AccessError: for who would be shown nothing for want of a right"""
        if refusal := self._get_refusal():
            raise AccessError(refusal)


def _ordered_by(order):
    """:return: by what “amount_total:sum DESC, partner_id” sorts, without directions"""
    return [term.split()[0] for term in (order or "").split(",") if term.strip()]
