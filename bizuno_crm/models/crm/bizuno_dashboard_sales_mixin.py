from dateutil.relativedelta import relativedelta
from odoo import api, fields, models

from .bizuno_project_sales_mixin import SELLERS


class BizunoDashboardSalesMixin(models.AbstractModel):
    """What the user has sold, and whether the app is where the user's day begins."""

    _name = "bizuno.dashboard.sales.mixin"
    _description = "Own Sales on the Dashboard"

    @api.model
    def set_start_page(self, wanted):
        """Make this page the first one after the user's log-in, or let Odoo choose again.

        :param bool wanted: whether it is to be
        """
        page_id = self._get_start_page_id()
        # what Odoo lets everybody choose in the preferences
        user = self.env["res.users"].browse(self.env.uid)
        if wanted:
            user.write({"action_id": page_id})
        elif user.action_id.id == page_id:
            user.write({"action_id": False})
        return True

    @api.model
    def _get_start_page_id(self):
        return self.env["ir.model.data"]._xmlid_to_res_id("bizuno_crm.bizuno_dashboard_action")

    @api.model
    def _is_start_page(self):
        return self.env.user.action_id.id == self._get_start_page_id()

    @api.model
    def _get_sales(self):
        """:return: {"invoiced", "paid", "commission", "count", "before", "before_period" (its
        domain), "rated", "currency_id", "domain"}; None for who sells nothing: neither a sales rep
        nor anybody with an invoice of this month or the last one"""
        sales = self.env["bizuno.rep.sales"]
        if not self.env.user.has_group(SELLERS) or not sales.has_access("read"):
            return None
        company = self.env.company.sudo()
        first = fields.Date.context_today(self).replace(day=1)
        before = first - relativedelta(months=1)
        domain = [("user_id", "=", self.env.uid), ("company_id", "=", company.id)]
        names = ["amount_invoiced", "amount_paid", "commission", "commission_rate"]
        sales_by_month = {
            month: values
            for month, *values in sales._read_group(
                [
                    *domain,
                    ("date", ">=", before),
                    ("date", "<", first + relativedelta(months=1)),
                ],
                ["date:month"],
                [*(f"{name}:sum" for name in names), "__count"],
            )
        }
        if not sales_by_month and sales.env.user.has_group("bizuno_crm.group_receivable_read"):
            return None
        invoiced, paid, commission, rate, count = sales_by_month.get(first, (0.0, 0.0, 0.0, 0.0, 0))
        return {
            "invoiced": invoiced,
            "paid": paid,
            "commission": commission,
            "rated": bool(rate),
            "count": count,
            "before": sales_by_month.get(before, (0.0,))[0],
            "before_period": [
                ("date", ">=", fields.Date.to_string(before)),
                ("date", "<", fields.Date.to_string(first)),
            ],
            "currency_id": company.currency_id.id,
            "domain": domain,
        }
