from collections import defaultdict

from odoo import api, fields, models

from ...logic.phone import number_to_call
from .bizuno_project import SELLERS


class BizunoProject(models.Model):
    # What became of a project: what was ordered and invoiced for it, and whom to call.

    _inherit = "bizuno.project"

    partner_phone = fields.Char(
        string="Customer's Phone", compute="_compute_partner_phone", compute_sudo=True
    )
    amount_ordered = fields.Monetary(
        string="Ordered",
        compute="_compute_amounts_of_orders",
        groups=SELLERS,
        help="The confirmed orders of this project that you may see, without taxes, in the "
        "currency of the company.",
    )
    amount_invoiced = fields.Monetary(
        string="Invoiced",
        compute="_compute_amounts_of_orders",
        groups=SELLERS,
        help="What was invoiced of these orders, without taxes, in the currency of the company.",
    )

    @api.depends("partner_id.phone", "partner_id.commercial_partner_id.phone")
    def _compute_partner_phone(self):
        for project in self:
            partner = project.partner_id
            company = partner.commercial_partner_id
            project.partner_phone = number_to_call(partner.phone, company.phone)

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_amounts_of_orders(self):
        domain = [("bizuno_project_id", "in", self.ids), ("state", "=", "sale")]
        # as the user: the orders of the list behind the figure
        orders = self.env["sale.order"].search_fetch(
            domain, ["bizuno_project_id", "amount_untaxed", "currency_rate"]
        )
        invoiced = dict(
            self.env["sale.order.line"]
            .sudo()
            ._read_group(
                [("order_id", "in", orders.ids)], ["order_id"], ["untaxed_amount_invoiced:sum"]
            )
        )
        ordered, billed = defaultdict(float), defaultdict(float)
        for order in orders:
            rate = order.currency_rate or 1.0
            ordered[order.bizuno_project_id] += order.amount_untaxed / rate
            billed[order.bizuno_project_id] += invoiced.get(order.sudo(), 0.0) / rate
        for project in self:
            known = project._origin
            project.amount_ordered = project.currency_id.round(ordered[known])
            project.amount_invoiced = project.currency_id.round(billed[known])
