import itertools
import json

from odoo import api, fields, models
from odoo.tools import format_amount

from ... import messages
from ...logic import aging
from ..base.bizuno_guard import readers_only

READERS = "bizuno_crm.group_receivable_read,sales_team.group_sale_salesman"
_MODEL = "bizuno.aged.receivable"
_FIGURES = {bucket.partner_field: bucket.amount_field for bucket in aging.BUCKETS} | {
    "aged_total": "amount_total",
    "aged_past_due": "amount_past_due",
    "unapplied_credit": "unapplied",
    "aged_balance": "balance",
}


def figure(name, model, amount, **attributes):
    """A figure of a partner: worked out with the others, and searched for among the sums of open
    items.

    :param name: of the field
    :param model: of the items
    :param amount: the name of their amount
    """

    @readers_only(name)
    def search(partners, operator, value):
        return partners._search_aged(model, amount, operator, value)

    return fields.Monetary(search=search, **attributes)


def receivable_figure(name, **attributes):
    return figure(
        name, _MODEL, _FIGURES[name], compute="_compute_aged", groups=READERS, **attributes
    )


class BizunoCustomerAgingMixin(models.AbstractModel):
    """What a customer owes, by its age: the aged receivables of the commercial entity, in the
    company and its branches, today. `bizuno.aged.receivable` decides; here is how it is shown and
    searched for."""

    _name = "bizuno.customer.aging.mixin"
    _description = "Customer with Aged Receivables"

    @api.depends_context("allowed_company_ids", "uid", "tz")
    def _compute_aged(self):
        """As the user who asks, with the rules of `bizuno.aged.receivable`: what a sales rep may
        not see is zero, and `is_aging_visible` says so."""
        self._set_aged(_FIGURES, self._get_aged_sums(_MODEL, _FIGURES))

    def _get_aged_sums(self, model, figures):
        """:return: {commercial partner's id: the values of `figures`}"""
        # Somebody who is being entered has none.
        groups = self.commercial_partner_id._origin and self.env[model]._read_group(
            self._get_aged_domain(), ["partner_id"], [f"{name}:sum" for name in figures.values()]
        )
        return {partner.id: sums for partner, *sums in groups}

    def _set_aged(self, figures, sums_by_partner):
        """
        :param figures: {field: amount of the items}
        :param sums_by_partner: {commercial partner's id: the values of `figures`}
        """
        # Most partners owe nothing: they are set at once. In the cache: an assignment looks up
        # currencies, and what follows from each figure, of which nothing does.
        for name in figures:
            self.env.cache.update(self, self._fields[name], itertools.repeat(0.0))
        owing = self.filtered(
            lambda partner: partner.commercial_partner_id._origin.id in sums_by_partner
        )
        sums = [sums_by_partner[partner.commercial_partner_id._origin.id] for partner in owing]
        # Booked amounts, summed up by the database, are rounded: to look up the currency of each
        # single figure, as an assignment does, takes many times as long as to get them.
        for name, *amounts in zip(figures, *sums, strict=True):
            amounts = [float(amount or 0.0) for amount in amounts]
            self.env.cache.update(owing, self._fields[name], amounts)

    @api.depends_context("allowed_company_ids", "uid", "tz", "lang")
    def _compute_aged_summary(self):
        """Apart from the figures: a list that shows figures has no need of sentences. Where both
        are shown, on the customer's page, one look at the items gives both."""
        if not self.commercial_partner_id._origin:
            # Of somebody who is being entered there is nothing to say.
            self.aged_summary = False
            return
        aged = self.env["bizuno.aged.receivable"]
        figures_by_partner = aged._get_figures_in_words(self._get_aged_domain())
        # Protected: remembered as computed, not written as by somebody who changes the customer.
        with self.env.protecting([self._fields[name] for name in _FIGURES], self):
            self._set_aged(
                _FIGURES,
                {
                    partner_id: [sums[amount] for amount in _FIGURES.values()]
                    for partner_id, (sums, _late) in figures_by_partner.items()
                },
            )
        for partner in self:
            if partner.commercial_partner_id._origin.id not in figures_by_partner:
                # The list below says that nothing is open.
                partner.aged_summary = False
                continue
            _sums, (*late, disputed) = figures_by_partner[partner.commercial_partner_id._origin.id]
            partner.aged_summary = partner._get_aged_summary(*late)
            if self.env.company.currency_id.compare_amounts(disputed, 0.0) > 0:
                # as the banner above, where credit control leaves it out
                partner.aged_summary = messages.past_due_in_dispute(
                    self.env, partner.aged_summary, disputed
                )
            credit = late[0] - partner.aged_past_due
            if late[1] and self.env.company.currency_id.compare_amounts(credit, 0.0) > 0:
                partner.aged_summary = messages.past_due_less_credit_notes(
                    self.env, partner.aged_summary, credit
                )

    @api.depends("commercial_partner_id")
    @api.depends_context("allowed_company_ids")
    def _compute_aged_domain(self):
        """As JSON."""
        for partner in self:
            partner.aged_domain = json.dumps(partner._get_aged_domain())
            # The same of each side, for other readers.
            partner.aged_payable_domain = partner.aged_domain

    @api.depends_context("allowed_company_ids", "uid")
    def _compute_is_aging_visible(self):
        """Whether the user may see the figures of this customer at all."""
        receivable, user = self.env["bizuno.aged.receivable"], self.env.user
        if not receivable.has_access("read"):
            self.is_aging_visible = False
        elif self.env.su or user._sees_all_receivables():
            self.is_aging_visible = True
        else:
            may_see_own = bool(user._filter_with_receivables(self.env.company))
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
        return self._open_aged_items("bizuno_crm.bizuno_aged_receivable_action_documents")

    def _open_aged_items(self, xmlid):
        domain = self._get_aged_domain()
        bucket = self.env.context.get("aged_bucket")
        if bucket == "past_due":
            domain.append(("bucket", "not in", ("current", aging.UNAPPLIED)))
        elif bucket == "total":
            domain.append(("bucket", "!=", aging.UNAPPLIED))
        elif bucket:
            domain.append(("bucket", "=", bucket))
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
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
    def _search_aged(self, model, amount, operator, value):
        return self.env[model]._search_partners(
            amount, operator, value, self._get_aging_companies()
        )
