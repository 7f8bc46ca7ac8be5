from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .bizuno_aged_item_mixin import BizunoAgedItemMixin
from .bizuno_aged_page_mixin import AS_OF

# The id of a row: the company's id above, the partner's (0 for none) below.
_SHIFT = 32
_MASK = (1 << _SHIFT) - 1


class BizunoAgedPartnerMixin(models.AbstractModel):
    """The open items summed up: one row per partner and company, at the date and basis of the
    context. The page that a bookkeeper works with: rows can be ticked, and a click opens the items.
    """

    _name = "bizuno.aged.partner.mixin"
    _inherit = ["bizuno.aged.page.mixin"]
    _description = "Open Items of a Partner"
    _rec_name = "partner_id"
    _order = "partner_id, company_id, id"
    _row_narrowing = ("company_id", "partner_id", "id")
    # the window action that opens the items behind a row
    _items_action = None
    _depends = BizunoAgedItemMixin._depends

    item_count = fields.Integer(
        string="Open Documents", readonly=True, aggregator="sum", depends_context=AS_OF
    )
    days_late = fields.Integer(
        readonly=True,
        aggregator="max",
        depends_context=AS_OF,
        help="For the oldest document that is past due.",
    )

    @property
    def _table_query(self):
        items = self.env[self._item_model]._get_open_items(
            partner_ids=self._get_narrowing("partner_id"),
            asked_company_ids=self._get_narrowing("company_id"),
        )
        return SQL(
            "SELECT (company_id::bigint << %s) + COALESCE(partner_id, 0) AS id, item.*"
            " FROM (%s) item",
            _SHIFT,
            items.select_sums(),
        )

    @api.depends("partner_id")
    def _compute_display_name(self):
        for row in self:
            row.display_name = row.partner_id.display_name or self._get_nobody()

    @api.model
    def _search(self, domain, *args, **kwargs):
        # The cache of these rows would outlive what they are summed up from.
        self.invalidate_model(flush=False)
        return super()._search(domain, *args, **kwargs)

    @api.model
    def _get_ids_named(self, domain):
        """The id of a row names its partner, too."""
        named = super()._get_ids_named(domain)
        partner_ids = tuple(id_ & _MASK for id_ in named.pop("id", ()))
        if partner_ids and 0 not in partner_ids:
            named.setdefault("partner_id", partner_ids)
        return named

    @api.model
    def web_search_read(
        self, domain, specification, offset=0, limit=None, order=None, count_limit=None
    ):
        """The whole ledger is read once, to find the rows of the page and their number together;
        then only their partners' items."""
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

        :return: a window action on the model of the items
        """
        self.ensure_one()
        self.check_access("read")
        items = self.env[self._item_model]
        action = self.env["ir.actions.act_window"]._for_xml_id(self._items_action)
        return {
            **action,
            "display_name": self.display_name,
            "domain": [
                ("partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
            ],
            "context": {
                "aged_at": fields.Date.to_string(items._get_aged_at()),
                "aging_basis": items._get_basis(),
                "aged_of_customer": self.partner_id.id or True,
            },
        }

    @api.model
    def _get_nobody(self):
        """:return: the name of the row without a partner"""
        raise NotImplementedError
