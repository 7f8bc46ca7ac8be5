from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...logic import aging
from .bizuno_aged_receivable import _PICTURE, BizunoAgedReceivable

# The id of a row: the company's id above, the customer's (0 for none) below.
_SHIFT = 32
_MASK = (1 << _SHIFT) - 1


class BizunoAgedCustomer(models.Model):
    """The open items summed up: one row per customer and company, at the date and basis of the
    picture, as `bizuno.aged.receivable` has them. The page that a bookkeeper works with: rows can
    be ticked, and a click opens the items."""

    _name = "bizuno.aged.customer"
    _inherit = ["bizuno.aged.page.mixin"]
    _description = "Aged Receivables of a Customer"
    _auto = False
    _rec_name = "partner_id"
    _order = "partner_id, company_id, id"
    _depends = {
        **BizunoAgedReceivable._depends,
        "res.company": ["aging_basis", "currency_id"],
    }

    # whose
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)

    # how much, in the company's currency
    item_count = fields.Integer(
        string="Open Documents", readonly=True, aggregator="sum", depends_context=_PICTURE
    )
    days_late = fields.Integer(
        readonly=True,
        aggregator="max",
        depends_context=_PICTURE,
        help="Of the oldest document that is past due.",
    )
    currency_id = fields.Many2one("res.currency", readonly=True)
    amount_current = fields.Monetary(string="Current", readonly=True, depends_context=_PICTURE)
    amount_1_30 = fields.Monetary(string="1-30", readonly=True, depends_context=_PICTURE)
    amount_31_60 = fields.Monetary(string="31-60", readonly=True, depends_context=_PICTURE)
    amount_61_90 = fields.Monetary(string="61-90", readonly=True, depends_context=_PICTURE)
    amount_91_120 = fields.Monetary(string="91-120", readonly=True, depends_context=_PICTURE)
    amount_over_120 = fields.Monetary(string="Over 120", readonly=True, depends_context=_PICTURE)
    amount_total = fields.Monetary(
        string="Total", readonly=True, depends_context=_PICTURE, help="The sum of the buckets."
    )
    amount_past_due = fields.Monetary(
        string="Past Due", readonly=True, depends_context=_PICTURE, help="Total less current."
    )
    unapplied = fields.Monetary(
        readonly=True,
        depends_context=_PICTURE,
        help="Payments received that are not matched with an invoice.",
    )
    balance = fields.Monetary(
        readonly=True, depends_context=_PICTURE, help="Total less unapplied payments."
    )
    amount_disputed = fields.Monetary(
        string="In Dispute",
        readonly=True,
        depends_context=_PICTURE,
        help="Of the total, what nobody is asked to pay: documents marked “No Follow-Up”.",
    )

    @property
    def _table_query(self):
        aged = self.env["bizuno.aged.receivable"]
        at = aged._get_aged_at()
        lines = aged._get_lines(at, partner_ids=aged._get_narrowing("aged_partner_ids"))
        summed = (*aging.PARTS, "amount_total", "amount_past_due", "balance")
        return SQL(
            """
            SELECT (item.company_id::bigint << %(shift)s) + COALESCE(item.partner_id, 0) AS id,
                   item.company_id, item.partner_id, item.user_id, company.currency_id,
                   SUM(item.item_count)::integer AS item_count, MAX(item.days_late) AS days_late,
                   COALESCE(SUM(item.disputed), 0) AS amount_disputed, %(sums)s
              FROM (%(customers)s) item
              JOIN res_company company ON company.id = item.company_id
             GROUP BY item.company_id, item.partner_id, item.user_id, company.currency_id
            HAVING SUM(item.item_count) <> 0
            """,
            shift=_SHIFT,
            customers=aged._select_by_customer(at, lines),
            sums=SQL(", ").join(
                SQL(
                    "COALESCE(SUM(%s), 0) AS %s",
                    SQL.identifier("item", name),
                    SQL.identifier(name),
                )
                for name in summed
            ),
        )

    @api.depends("partner_id")
    def _compute_display_name(self):
        for row in self:
            row.display_name = row.partner_id.display_name or self.env._("No customer")

    @api.model
    def _search(self, domain, *args, **kwargs):
        # The cache of these rows would outlive what they are summed up from.
        self.invalidate_model(flush=False)
        domain = Domain(domain)
        return super(BizunoAgedCustomer, self._narrowed(domain))._search(domain, *args, **kwargs)

    @api.model
    def _narrowed(self, domain):
        """As the method of `bizuno.aged.receivable`; the id of a row names its customer, too."""
        named = self.env["bizuno.aged.receivable"]._get_ids_named(domain)
        ids = named.get("partner_id")
        if ids is None and "id" in named:
            ids = tuple(id_ & _MASK for id_ in named["id"])
            if 0 in ids:
                ids = None
        narrowing = {
            "aged_partner_ids": ids,
            "aged_company_ids": named.get("company_id"),
            "aged_line_ids": None,
        }
        is_new = any(self.env.context.get(key) != value for key, value in narrowing.items())
        return self.with_context(**narrowing) if is_new else self

    @api.model
    def web_search_read(
        self, domain, specification, offset=0, limit=None, order=None, count_limit=None
    ):
        """The whole ledger is read once, to find the rows of the page and their number together;
        then only their customers' items."""
        query = self._search(domain, offset=offset, limit=limit, order=order or self._order)
        columns = (SQL.identifier(self._table, "id"), SQL("COUNT(*) OVER ()"))
        rows = [] if query.is_empty() else self.env.execute_query(query.select(*columns))
        if not rows:
            return super().web_search_read(domain, specification, offset, limit, order, count_limit)
        shown = Domain("id", "in", [row[0] for row in rows])
        records = self.search_fetch(shown, specification.keys(), order=order)
        count = rows[0][1]
        return {
            "length": min(count, count_limit) if count_limit else count,
            "records": records.web_read(specification),
        }

    def action_open_items(self):
        """Open the items behind the row.

        :return: a window action on `bizuno.aged.receivable`
        """
        self.ensure_one()
        self.check_access("read")
        aged = self.env["bizuno.aged.receivable"]
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "bizuno_crm.bizuno_aged_receivable_action_documents"
        )
        return {
            **action,
            "display_name": self.display_name,
            "domain": [
                ("partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
            ],
            "context": {
                "aged_at": fields.Date.to_string(aged._get_aged_at()),
                "aging_basis": aged._get_basis(),
                "aged_of_customer": True,
            },
        }
