from collections import defaultdict

from odoo import api, fields, models

from ...logic.phone import number_to_call

# Who sees quotations and orders, at least the own ones.
SELLERS = "sales_team.group_sale_salesman"


class BizunoProjectSalesMixin(models.AbstractModel):
    """What became of a project: what was ordered for it, and whom to call."""

    _name = "bizuno.project.sales.mixin"
    _description = "Project with Its Orders"

    # the project's, in which the amounts are
    currency_id = fields.Many2one(comodel_name="res.currency")
    partner_phone = fields.Char(
        string="Customer's Phone", compute="_compute_partner_phone", compute_sudo=True
    )
    amount_ordered = fields.Monetary(
        string="Ordered",
        compute="_compute_amount_ordered",
        groups=SELLERS,
        help="Confirmed orders of this project that you can see, excluding taxes, in the company "
        "currency.",
    )

    @api.depends("partner_id.phone", "partner_id.commercial_partner_id.phone")
    def _compute_partner_phone(self):
        for project in self:
            partner = project.partner_id
            company = partner.commercial_partner_id
            project.partner_phone = number_to_call(partner.phone, company.phone)

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_amount_ordered(self):
        # as the user: the orders of the list behind the figure
        orders = self.env["sale.order"].search_fetch(
            self._get_ordered_domain(), ["bizuno_project_id", "amount_untaxed", "currency_rate"]
        )
        ordered = defaultdict(float)
        for order in orders:
            ordered[order.bizuno_project_id] += order.amount_untaxed / (order.currency_rate or 1.0)
        for project in self:
            project.amount_ordered = project.currency_id.round(ordered[project._origin])

    def action_view_ordered(self):
        """:return: the action that lists the confirmed orders of this project"""
        return {**self.action_view_sale_orders(), "domain": self._get_ordered_domain()}

    def _get_ordered_domain(self):
        return [("bizuno_project_id", "in", self.ids), ("state", "=", "sale")]
