import json

from odoo import api, fields, models

from ...logic import aging

# As for the bills of all vendors.
PAYABLE_READERS = "account.group_account_readonly,account.group_account_invoice"
_FIGURES = {f"aged_payable_{bucket.key}": bucket.amount_field for bucket in aging.BUCKETS} | {
    "aged_payable_total": "amount_total",
    "aged_payable_past_due": "amount_past_due",
    "unapplied_debit": "unapplied",
}


def payable_figure(name, **attributes):
    """A figure that is worked out and searched with the others."""
    return fields.Monetary(
        compute="_compute_aged_payable",
        search=lambda partners, operator, value: partners._search_aged_payable(
            name, operator, value
        ),
        groups=PAYABLE_READERS,
        **attributes,
    )


class BizunoVendorAgingMixin(models.AbstractModel):
    """What is owed to a vendor, by its age: the aged payables of the commercial entity, in the
    company and its branches, today; and the history of its documents. `bizuno.aged.payable`
    decides; here is how it is shown and searched for."""

    _name = "bizuno.vendor.aging.mixin"
    _description = "Vendor with Aged Payables"

    @api.depends_context("allowed_company_ids", "uid", "tz")
    def _compute_aged_payable(self):
        """As the user who asks, with the rules of `bizuno.aged.payable`."""
        # Somebody who is being entered has none.
        groups = self.commercial_partner_id._origin and self.env["bizuno.aged.payable"]._read_group(
            self._get_aged_domain(), ["partner_id"], [f"{name}:sum" for name in _FIGURES.values()]
        )
        found = {partner.id: sums for partner, *sums in groups}
        nothing = [0.0] * len(_FIGURES)
        for partner in self:
            sums = found.get(partner.commercial_partner_id._origin.id, nothing)
            for name, amount in zip(_FIGURES, sums, strict=True):
                partner[name] = amount

    @api.depends("commercial_partner_id")
    @api.depends_context("allowed_company_ids")
    def _compute_aged_payable_domain(self):
        """As JSON."""
        for partner in self:
            partner.aged_payable_domain = json.dumps(partner._get_aged_domain())

    @api.model
    def _search_aged_payable(self, name, operator, value):
        return self.env["bizuno.aged.payable"]._search_partners(
            _FIGURES[name], operator, value, self._get_aging_companies()
        )

    def action_open_aged_payable(self):
        """Open the bills behind a figure of the panel; the context key `aged_bucket` names the
        figure, none means all of them.

        :return: a window action
        :raises AccessError: without the right to see payables
        """
        self.ensure_one()
        self.env["bizuno.aged.payable"]._check_sight()
        domain = self._get_aged_domain()
        bucket = self.env.context.get("aged_bucket")
        if bucket == "past_due":
            domain.append(("bucket", "not in", ("current", aging.UNAPPLIED)))
        elif bucket == "total":
            domain.append(("bucket", "!=", aging.UNAPPLIED))
        elif bucket:
            domain.append(("bucket", "=", bucket))
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "bizuno_crm.bizuno_aged_payable_action_documents"
        )
        return {**action, "domain": domain, "context": {}}

    def action_open_vendor_history(self):
        """Open the bills, refunds and payments of the vendor as a list to search in.

        :return: a window action
        :raises AccessError: without the right to see payables
        """
        self.ensure_one()
        self.env["bizuno.aged.payable"]._check_sight()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "bizuno_crm.bizuno_vendor_history_action"
        )
        return {**action, "domain": [("partner_id", "=", self.commercial_partner_id.id)]}
