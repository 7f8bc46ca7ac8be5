from odoo import api, models


class BizunoDashboardCreditMixin(models.AbstractModel):
    """The hold desk on the first page, for those who have one and only if something waits."""

    _name = "bizuno.dashboard.credit.mixin"
    _description = "Hold Desk on the Dashboard"

    @api.model
    def _get_on_hold(self):
        """:return: {"count": how many quotations and invoices wait}; None if none does, or for
        users without a right to them"""
        waits = self.env["bizuno.credit.wait"]
        if waits.has_access("read") and (count := waits.search_count(waits._get_open_domain())):
            return {"count": count}
        return None
