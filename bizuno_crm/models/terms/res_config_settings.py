from odoo import api, fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    contact_default_terms = fields.Char(
        related="company_id.contact_default_terms", readonly=False, required=True
    )
    contact_default_terms_text = fields.Char(related="company_id.contact_default_terms_text")
    contact_limit_undecided = fields.Boolean(related="company_id.contact_limit_undecided")
    contact_price_sheet_id = fields.Many2one(
        related="company_id.contact_price_sheet_id", readonly=False
    )
    price_sheet_on_invoices = fields.Boolean(
        related="company_id.price_sheet_on_invoices", readonly=False
    )
    contact_income_account_id = fields.Many2one(
        related="company_id.contact_income_account_id", readonly=False
    )
    contact_tax_id = fields.Many2one(related="company_id.contact_tax_id", readonly=False)
    # Odoo's own defaults of the company, shown where the others are.
    contact_receivable_account_id = fields.Many2one(
        comodel_name="account.account",
        string="Default Receivable Account",
        compute="_compute_contact_accounts",
        inverse="_inverse_contact_accounts",
        domain="[('account_type', '=', 'asset_receivable')]",
        check_company=True,
    )
    contact_payable_account_id = fields.Many2one(
        comodel_name="account.account",
        string="Default Payable Account",
        compute="_compute_contact_accounts",
        inverse="_inverse_contact_accounts",
        domain="[('account_type', '=', 'liability_payable')]",
        check_company=True,
    )
    tax_exempt_fiscal_position_id = fields.Many2one(
        related="company_id.tax_exempt_fiscal_position_id", readonly=False
    )
    bookkeeper_id = fields.Many2one(related="company_id.bookkeeper_id", readonly=False)

    def action_open_contact_terms(self):
        """The terms dialog of the company's new customers.

        :return: a window action
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Terms of New Customers"),
            "res_model": "bizuno.terms.wizard",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_company_id": self.company_id.id},
        }

    @api.depends("company_id")
    def _compute_contact_accounts(self):
        for settings in self:
            for name, native in _NATIVE_DEFAULTS.items():
                account = self.env["ir.default"]._get(
                    "res.partner", native, company_id=settings.company_id.id
                )
                settings[name] = account

    def _inverse_contact_accounts(self):
        # Read before the first is set: that empties the cache, and with it what was typed.
        chosen = [
            (native, settings[name].id, settings.company_id.id)
            for settings in self
            for name, native in _NATIVE_DEFAULTS.items()
            # Left alone where it is not set: Odoo cannot do without these accounts.
            if settings[name]
        ]
        for native, account_id, company_id in chosen:
            self.env["ir.default"].sudo().set(
                "res.partner", native, account_id, company_id=company_id
            )


_NATIVE_DEFAULTS = {
    "contact_receivable_account_id": "property_account_receivable_id",
    "contact_payable_account_id": "property_account_payable_id",
}
