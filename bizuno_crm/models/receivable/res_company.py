from odoo import api, fields, models
from odoo.tools import ormcache


class ResCompany(models.Model):
    # How a company ages its receivables, who may look at them, and what sales reps earn their
    # commission on.

    _inherit = "res.company"

    aging_basis = fields.Selection(
        selection=[("due_date", "Due Date"), ("invoice_date", "Invoice Date")],
        string="Age Receivables By",
        default="due_date",
        required=True,
    )
    aging_reps_see_own = fields.Boolean(
        string="Sales Reps See Their Customers' Receivables",
        help="Sales reps without accounting rights see the aged receivables of their own "
        "customers.",
    )
    commission_basis = fields.Selection(
        selection=[("invoiced", "Invoiced Amounts"), ("paid", "Paid Amounts")],
        string="Commission On",
        default="invoiced",
        required=True,
    )

    @api.model
    def _get_branch_settings(self):
        return (
            *super()._get_branch_settings(),
            "aging_basis",
            "aging_reps_see_own",
            "commission_basis",
        )

    def write(self, vals):
        result = super().write(vals)
        # what is asked of every query about ages; and the menus of sales reps
        if "aging_basis" in vals or "aging_reps_see_own" in vals:
            self.env.registry.clear_cache()
        return result

    @api.model
    @ormcache()
    def _get_ids_aged_by_invoice_date(self):
        """The ids of the companies that age by invoice date, which every query about ages asks."""
        companies = self.sudo().with_context(active_test=False)
        return tuple(companies.search([("aging_basis", "=", "invoice_date")]).ids)
