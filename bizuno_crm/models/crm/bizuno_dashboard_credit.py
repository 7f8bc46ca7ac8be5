from odoo import api, models


class BizunoDashboard(models.AbstractModel):
    # The hold desk on the first page, for those who have one and only if something waits.

    _inherit = "bizuno.dashboard"

    @api.model
    @api.readonly
    def get_data(self):
        """As before, with "on_hold": how many quotations and invoices wait; absent if none does,
        or for users without a right to them."""
        data = super().get_data()
        waits = self.env["bizuno.credit.wait"]
        if waits.has_access("read") and (count := waits.search_count(waits._get_open_domain())):
            data["on_hold"] = {"count": count}
        return data
