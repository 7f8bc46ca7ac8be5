from odoo import api, models

from ...logic import aging
from .bizuno_customer_aging_mixin import figure

# As for the bills of all vendors.
PAYABLE_READERS = "account.group_account_readonly,account.group_account_invoice"
_MODEL = "bizuno.aged.payable"
_FIGURES = {f"aged_payable_{bucket.key}": bucket.amount_field for bucket in aging.BUCKETS} | {
    "aged_payable_total": "amount_total",
    "aged_payable_past_due": "amount_past_due",
    "unapplied_debit": "unapplied",
}


def payable_figure(name, **attributes):
    return figure(
        name,
        _MODEL,
        _FIGURES[name],
        compute="_compute_aged_payable",
        groups=PAYABLE_READERS,
        **attributes,
    )


class BizunoVendorAgingMixin(models.AbstractModel):
    """What is owed to a vendor, by its age, as `bizuno.customer.aging.mixin` has it of a customer;
    and the history of its documents. `bizuno.aged.payable` decides."""

    _name = "bizuno.vendor.aging.mixin"
    _description = "Vendor with Aged Payables"

    @api.depends_context("allowed_company_ids", "uid", "tz")
    def _compute_aged_payable(self):
        """As the user who asks, with the rules of `bizuno.aged.payable`."""
        accounts = self.commercial_partner_id._origin
        # The page of a customer, who as a rule has nothing on the other side of the ledger.
        is_other = len(accounts) == 1 and not accounts.sudo().supplier_rank
        if is_other and not self.env[_MODEL]._may_have_items(accounts):
            self._set_aged(_FIGURES, {})
        else:
            self._set_aged(_FIGURES, self._get_aged_sums(_MODEL, _FIGURES))

    def action_open_aged_payable(self):
        """Open the bills behind a figure of the panel; the context key `aged_bucket` names the
        figure, none means all of them.

        :return: a window action
        :raise AccessError: without the right to see payables
        """
        self.ensure_one()
        self.env[_MODEL]._check_sight()
        return self._open_aged_items("bizuno_crm.bizuno_aged_payable_action_documents")

    def action_open_vendor_history(self):
        """Open the bills, refunds and payments of the vendor as a list to search in.

        :return: a window action
        :raise AccessError: without the right to see payables
        """
        self.ensure_one()
        self.env[_MODEL]._check_sight()
        return self._open_history("bizuno_crm.bizuno_vendor_history_action_contact")
