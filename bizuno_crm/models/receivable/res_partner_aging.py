import json

from odoo import api, fields, models
from odoo.tools import format_amount

from ...logic import aging

READERS = "bizuno_crm.group_receivable_read,sales_team.group_sale_salesman"
_FIGURES = {bucket.partner_field: bucket.amount_field for bucket in aging.BUCKETS} | {
    "aged_total": "amount_total",
    "aged_past_due": "amount_past_due",
    "unapplied_credit": "unapplied",
}


class ResPartner(models.Model):
    # The aged receivables of the commercial entity, in the company and its branches, today.

    _inherit = "res.partner"

    # aged receivables
    aged_current = fields.Monetary(
        string="Current", compute="_compute_aged", search="_search_aged_current", groups=READERS
    )
    aged_1_30 = fields.Monetary(
        string="1-30 Days Late", compute="_compute_aged", search="_search_aged_1_30", groups=READERS
    )
    aged_31_60 = fields.Monetary(
        string="31-60 Days Late",
        compute="_compute_aged",
        search="_search_aged_31_60",
        groups=READERS,
    )
    aged_61_90 = fields.Monetary(
        string="61-90 Days Late",
        compute="_compute_aged",
        search="_search_aged_61_90",
        groups=READERS,
    )
    aged_91_120 = fields.Monetary(
        string="91-120 Days Late",
        compute="_compute_aged",
        search="_search_aged_91_120",
        groups=READERS,
    )
    aged_over_120 = fields.Monetary(
        string="Over 120 Days Late",
        compute="_compute_aged",
        search="_search_aged_over_120",
        groups=READERS,
    )
    aged_total = fields.Monetary(
        compute="_compute_aged",
        search="_search_aged_total",
        groups=READERS,
        help="Open invoices less credit notes.",
    )
    aged_past_due = fields.Monetary(
        string="Past Due",
        compute="_compute_aged",
        search="_search_aged_past_due",
        groups=READERS,
        help="Total less what is not due yet.",
    )
    unapplied_credit = fields.Monetary(
        compute="_compute_aged",
        search="_search_unapplied_credit",
        groups=READERS,
        help="Payments received that are not matched with an invoice yet.",
    )
    aged_summary = fields.Char(string="In Words", compute="_compute_aged_summary", groups=READERS)
    # For the page, which would else have to ask for the domain before it asks for the documents.
    aged_domain = fields.Char(
        string="Filter of Open Documents", compute="_compute_aged_domain", groups=READERS
    )
    is_aging_visible = fields.Boolean(compute="_compute_is_aging_visible")

    @api.depends_context("allowed_company_ids", "uid", "tz")
    def _compute_aged(self):
        """As the user who asks, with the rules of `bizuno.aged.receivable`: what a sales rep may
        not see is zero, and `is_aging_visible` says so."""
        # Somebody who is being entered has none.
        groups = self.commercial_partner_id._origin and self.env[
            "bizuno.aged.receivable"
        ]._read_group(
            self._get_aged_domain(), ["partner_id"], [f"{name}:sum" for name in _FIGURES.values()]
        )
        self._set_aged({partner.id: sums for partner, *sums in groups})

    def _set_aged(self, found):
        """:param found: {commercial partner's id: the values of `_FIGURES`}"""
        # Most customers owe nothing: they are set at once.
        for name in _FIGURES:
            self[name] = 0.0
        for partner in self:
            sums = found.get(partner.commercial_partner_id._origin.id)
            if sums:
                # Booked amounts, summed up by the database, are rounded: to look up the currency of
                # each single figure, as an assignment does, takes twice as long as to get them.
                partner._update_cache(dict(zip(_FIGURES, sums, strict=True)), validate=False)

    @api.depends_context("allowed_company_ids", "uid", "tz", "lang")
    def _compute_aged_summary(self):
        """Apart from the figures: a list that shows figures has no need of sentences. Where both
        are shown, on the customer's page, one look at the items gives both."""
        found = {}
        if self.commercial_partner_id._origin:
            aged = self.env["bizuno.aged.receivable"]
            found = aged._get_figures_in_words(self._get_aged_domain())
        # Protected: remembered as computed, not written as by somebody who changes the customer.
        with self.env.protecting([self._fields[name] for name in _FIGURES], self):
            self._set_aged(
                {
                    partner_id: [sums[amount] for amount in _FIGURES.values()]
                    for partner_id, (sums, _late) in found.items()
                }
            )
        for partner in self:
            _sums, late = found.get(partner.commercial_partner_id._origin.id, ({}, (0.0, 0, 0)))
            partner.aged_summary = partner._get_aged_summary(*late)

    @api.depends("commercial_partner_id")
    @api.depends_context("allowed_company_ids")
    def _compute_aged_domain(self):
        """As JSON."""
        for partner in self:
            partner.aged_domain = json.dumps(partner._get_aged_domain())

    @api.depends_context("allowed_company_ids", "uid")
    def _compute_is_aging_visible(self):
        """Whether the user may see the figures of this customer at all."""
        receivable, user = self.env["bizuno.aged.receivable"], self.env.user
        if not receivable.has_access("read"):
            self.is_aging_visible = False
        elif self.env.su or user.has_group("bizuno_crm.group_receivable_read"):
            self.is_aging_visible = True
        else:
            may_see_own = self.env.company.sudo().aging_reps_see_own
            for partner in self:
                partner.is_aging_visible = (
                    may_see_own and partner.commercial_partner_id.user_id == user
                )

    def action_open_aged(self):
        """Open the documents behind a figure of the panel; the context key `aged_bucket` names the
        figure, none means all of them.

        :return: a window action
        """
        self.ensure_one()
        self.env["bizuno.aged.receivable"].check_access("read")
        domain = self._get_aged_domain()
        bucket = self.env.context.get("aged_bucket")
        if bucket == "past_due":
            domain.append(("bucket", "not in", ("current", aging.UNAPPLIED)))
        elif bucket == "total":
            domain.append(("bucket", "!=", aging.UNAPPLIED))
        elif bucket:
            domain.append(("bucket", "=", bucket))
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "bizuno_crm.bizuno_aged_receivable_action_documents"
        )
        return {**action, "domain": domain, "context": {}}

    def _get_aged_domain(self):
        """:return: the domain of `bizuno.aged.receivable` with the items of these customers"""
        return [
            ("partner_id", "in", self.commercial_partner_id._origin.ids),
            ("company_id", "in", self._get_aging_companies().ids),
        ]

    def _get_aged_summary(self, past_due, count, oldest):
        """Past due in words, in one sentence for the panel.

        :param float past_due: in the company's currency
        :param int count: of the documents that are past due
        :param int oldest: its days late
        """
        self.ensure_one()
        currency = self.env.company.currency_id
        if not count:
            if currency.is_zero(self.aged_total):
                return self.env._("No open documents.")
            return self.env._("Nothing is past due.")
        values = {
            "amount": format_amount(self.env, past_due, currency),
            "count": count,
            "days": oldest,
        }
        if count == 1 and oldest == 1:
            return self.env._("%(amount)s past due in 1 document, 1 day late.", **values)
        if count == 1:
            return self.env._("%(amount)s past due in 1 document, %(days)s days late.", **values)
        if oldest == 1:
            return self.env._(
                "%(amount)s past due in %(count)s documents, the oldest 1 day late.", **values
            )
        return self.env._(
            "%(amount)s past due in %(count)s documents, the oldest %(days)s days late.", **values
        )

    @api.model
    def _get_aging_companies(self):
        """The company the user works in and those of its branches that the user has switched on:
        they have one currency and one set of receivable accounts."""
        return self.env.companies.filtered(lambda c: c.root_id == self.env.company.root_id)

    @api.model
    def _search_aged(self, name, operator, value):
        return self.env["bizuno.aged.receivable"]._search_partners(
            _FIGURES[name], operator, value, self._get_aging_companies()
        )

    def _search_aged_current(self, operator, value):
        return self._search_aged("aged_current", operator, value)

    def _search_aged_1_30(self, operator, value):
        return self._search_aged("aged_1_30", operator, value)

    def _search_aged_31_60(self, operator, value):
        return self._search_aged("aged_31_60", operator, value)

    def _search_aged_61_90(self, operator, value):
        return self._search_aged("aged_61_90", operator, value)

    def _search_aged_91_120(self, operator, value):
        return self._search_aged("aged_91_120", operator, value)

    def _search_aged_over_120(self, operator, value):
        return self._search_aged("aged_over_120", operator, value)

    def _search_aged_total(self, operator, value):
        return self._search_aged("aged_total", operator, value)

    def _search_aged_past_due(self, operator, value):
        return self._search_aged("aged_past_due", operator, value)

    def _search_unapplied_credit(self, operator, value):
        return self._search_aged("unapplied_credit", operator, value)
