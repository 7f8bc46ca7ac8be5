from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain

from ...logic import project_lines
from ...logic.phone import number_to_call

# Who sees quotations and orders, at least the own ones.
SELLERS = "sales_team.group_sale_salesman"


class BizunoProjectSalesMixin(models.AbstractModel):
    """What became of a project: what was ordered for it, and whom to call.

    Ordered is what the lines of orders have on the project, as invoiced and earned are: a line may
    be on another project than its order, on several, or on none.
    """

    _name = "bizuno.project.sales.mixin"
    _description = "Project with Its Orders"

    # the project's, in which the amounts are
    currency_id = fields.Many2one(comodel_name="res.currency")
    partner_phone = fields.Char(
        string="Customer's Phone", compute="_compute_partner_phone", compute_sudo=False
    )
    sale_order_count = fields.Integer(compute="_compute_orders", groups=SELLERS)
    amount_ordered = fields.Monetary(
        string="Ordered",
        compute="_compute_orders",
        groups=SELLERS,
        help="Confirmed orders of this project that you can see, excluding taxes, in the company "
        "currency.",
    )

    @api.depends("partner_id.phone", "partner_id.commercial_partner_id.phone")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_partner_phone(self):
        # the customer may be a colleague's by now, and hidden
        people = self.env["res.partner"]._get_people_to_call(self.sudo().partner_id)
        for project in self:
            partner, company = people[project.sudo().partner_id.id]
            project.partner_phone = number_to_call(partner.phone, company.phone)

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_orders(self):
        # as the user: the orders of the lists behind the figures
        orders, ordered = defaultdict(set), defaultdict(float)
        for order in self.env["sale.order"].search_fetch(
            [("bizuno_project_id", "in", self.ids)], ["bizuno_project_id", "currency_rate"]
        ):
            orders[order.bizuno_project_id].add(order)
        for project, line, share in self._get_order_shares():
            order = line.order_id
            orders[project].add(order)
            if line.state == "sale":
                ordered[project] += line.price_subtotal * share / (order.currency_rate or 1.0)
        for project in self:
            project.sale_order_count = len(orders[project._origin])
            project.amount_ordered = project.currency_id.round(ordered[project._origin])

    def action_view_sale_orders(self):
        """:return: the action that lists the quotations and orders that are on this project, or a
        line of which is"""
        self.ensure_one()
        return {
            **self.env["ir.actions.actions"]._for_xml_id("sale.action_orders"),
            "domain": self._get_orders_domain(),
            "context": self.action_new_quotation()["context"] if self.partner_id else {},
        }

    def action_view_ordered(self):
        """:return: the action that lists the confirmed orders with lines of this project"""
        return {**self.action_view_sale_orders(), "domain": self._get_ordered_domain()}

    def _get_orders_domain(self):
        own = Domain("bizuno_project_id", "=", self.id)
        return list(own | Domain(self._get_order_lines_domain()))

    def _get_ordered_domain(self):
        return [("state", "=", "sale"), *self._get_order_lines_domain()]

    def _get_order_lines_domain(self):
        self.ensure_one()
        accounts = self.sudo().analytic_account_id
        return [
            ("order_line.analytic_distribution", "in", accounts.ids),
            *self._get_company_domain(self.company_id),
        ]

    @api.model
    def _get_company_domain(self, company):
        """:return: the domain of what belongs to projects of a company: an analytic account without
        company has items and lines of others, too, in other currencies"""
        return [("company_id", "child_of", company.ids)]

    def _get_order_shares(self):
        """:return: [(project, line, share)] for the lines of orders that the user sees and that are
        on these projects, each with the part of it (1 is all of it) that is"""
        order_shares = []
        for company, projects in self._origin.grouped("company_id").items():
            accounts = {record: record.sudo().analytic_account_id.id for record in projects}
            lines = self.env["sale.order.line"].search_fetch(
                [
                    ("analytic_distribution", "in", list(filter(None, accounts.values()))),
                    *self._get_company_domain(company),
                ],
                ["analytic_distribution", "order_id", "price_subtotal", "state"],
            )
            for line in lines:
                shares = project_lines.sum_by_account(line.analytic_distribution)
                order_shares += [
                    (project, line, shares[account] / project_lines.WHOLE)
                    for project, account in accounts.items()
                    if account in shares
                ]
        return order_shares
