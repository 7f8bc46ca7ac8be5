from odoo import api, fields, models

from ..logic import terms


class ResCompany(models.Model):
    """What a new customer or lead begins with."""

    _inherit = "res.company"

    contact_default_terms = fields.Char(
        string="Default Terms",
        default=terms.encode(terms.Terms()),
        required=True,
        help="Payment terms and credit limit of new customers and leads, in Bizuno's code.",
    )
    contact_income_account_id = fields.Many2one(
        "account.account",
        string="Default Revenue Account",
        check_company=True,
        domain="[('account_type', 'in', ('income', 'income_other'))]",
        ondelete="set null",
    )
    contact_tax_id = fields.Many2one(
        "account.tax",
        string="Default Tax",
        check_company=True,
        domain="[('type_tax_use', '=', 'sale')]",
        ondelete="set null",
    )

    @api.constrains("contact_default_terms")
    def _check_contact_default_terms(self):
        for company in self:
            self.env["res.partner"]._parse_terms(company.contact_default_terms)
