from dataclasses import replace
from decimal import Decimal

from odoo import api, fields, models

from ...logic import terms
from ..base.withhold import withhold


class ResCompany(models.Model):
    # What a new customer or lead begins with; price sheets on invoices; tax exemption.

    _inherit = "res.company"

    # of new customers and leads
    contact_default_terms = fields.Char(
        string="Default Terms",
        default=terms.encode(terms.Terms()),
        required=True,
        help="Payment terms and credit limit of new customers and leads, in Bizuno's code.",
    )
    contact_default_terms_text = fields.Char(
        string="Terms of New Customers", compute="_compute_contact_default_terms_text"
    )
    contact_limit_undecided = fields.Boolean(
        readonly=True,
        copy=False,
        help="The limit of new customers is still Bizuno's 1,000, in a currency it was not meant "
        "for, and nobody has confirmed it yet.",
    )
    contact_defaults_from_start = fields.Boolean(
        readonly=True,
        copy=False,
        help="Created with the addon installed: every customer gets the defaults no later than "
        "when the first order is confirmed or the first invoice is posted.",
    )
    contact_income_account_id = fields.Many2one(
        comodel_name="account.account",
        string="Default Revenue Account",
        check_company=True,
        domain="[('account_type', 'in', ('income', 'income_other'))]",
        ondelete="set null",
    )
    contact_tax_id = fields.Many2one(
        comodel_name="account.tax",
        string="Default Tax",
        check_company=True,
        domain="[('type_tax_use', '=', 'sale')]",
        ondelete="set null",
    )
    contact_price_sheet_id = fields.Many2one(
        comodel_name="product.pricelist",
        string="Default Price Sheet",
        check_company=True,
        ondelete="set null",
        help="If empty, Odoo chooses by country.",
    )

    # of all customers
    price_sheet_on_invoices = fields.Boolean(
        string="Price Sheets on Invoices",
        default=True,
        help="On invoices without an order, the customer's price sheet sets the default price "
        "instead of the product.",
    )
    tax_exempt_fiscal_position_id = fields.Many2one(
        comodel_name="account.fiscal.position",
        check_company=True,
        ondelete="set null",
        help="Used on the documents of tax-exempt customers. A fiscal position without taxes "
        "removes all taxes. Created when first needed.",
    )
    bookkeeper_id = fields.Many2one(
        comodel_name="res.users",
        domain="[('share', '=', False)]",
        ondelete="set null",
        help="Is notified of expiring tax exemptions. If empty, a user with invoicing rights is "
        "notified.",
    )

    @api.depends("contact_default_terms", "currency_id")
    @api.depends_context("lang")
    def _compute_contact_default_terms_text(self):
        for company in self:
            company.contact_default_terms_text = self.env["res.partner"]._get_terms_text(
                terms.parse(company.contact_default_terms), company.currency_id
            )

    @api.constrains("contact_default_terms")
    def _check_contact_default_terms(self):
        for company in self:
            self.env["res.partner"]._parse_terms(company.contact_default_terms)

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(
            [{**vals, "contact_defaults_from_start": True} for vals in vals_list]
        )
        for company, vals in zip(companies, vals_list, strict=True):
            if not vals.get("contact_default_terms"):
                company._set_limit_in_own_currency(self.env.company.currency_id)
        return companies

    @api.model
    def _get_branch_settings(self):
        # Not the price sheet: one of the company's is none that its branches may use.
        return (
            *super()._get_branch_settings(),
            "contact_default_terms",
            "contact_income_account_id",
            "contact_tax_id",
            "price_sheet_on_invoices",
            "tax_exempt_fiscal_position_id",
        )

    def write(self, vals):
        if "contact_default_terms" in vals:
            vals = {"contact_limit_undecided": False, **vals}
        # The chart of accounts of a country brings its currency.
        currencies = {}
        if "currency_id" in vals and "contact_default_terms" not in vals:
            currencies = {
                company: company.currency_id
                for company in self
                if company.currency_id.id != vals["currency_id"]
                and (
                    company.contact_limit_undecided
                    or company.contact_default_terms == terms.encode(terms.Terms())
                )
            }
        result = super().write(vals)
        for company, currency in currencies.items():
            company._set_limit_in_own_currency(currency)
        return result

    def _set_limit_in_own_currency(self, currency):
        """Bizuno's default limit, which is an amount of one currency, in that of this company: at
        today's rate, rounded to one significant figure. Without a rate the number stays, and the
        settings say that nobody has decided it.

        :param currency: of the limit as it is
        """
        self.ensure_one()
        company = self.sudo()
        if company.parent_id or currency == company.currency_id:
            return
        known = terms.parse(company.contact_default_terms)
        if not known.credit_limit:
            return
        # Not `_convert`: it takes 1 where no rate is known.
        rate_company = self.env.company.sudo().root_id
        rated = (
            (currency | company.currency_id)
            .sudo()
            .rate_ids.filtered(lambda rate: rate.company_id.id in (False, rate_company.id))
        )
        limit = float(known.credit_limit)
        if rated:
            limit = terms.round_to_one_figure(
                limit
                * currency._get_conversion_rate(
                    currency, company.currency_id, rate_company, fields.Date.context_today(self)
                )
            )
        company.write(
            {
                "contact_default_terms": terms.encode(
                    replace(known, credit_limit=Decimal(str(limit)))
                ),
                "contact_limit_undecided": not rated,
            }
        )

    def _get_tax_exempt_position(self):
        """The fiscal position that removes the taxes; made in the first company that needs it, as
        the system, because it is a sales rep's quotation that may need it first."""
        self.ensure_one()
        company = self.sudo()
        if not company.tax_exempt_fiscal_position_id:
            company.tax_exempt_fiscal_position_id = (
                company.env["account.fiscal.position"]
                .with_company(company)
                .create({"name": self.env._("Tax Exempt"), "company_id": company.id})
            )
        return self.env["account.fiscal.position"].browse(company.tax_exempt_fiscal_position_id.id)

    def _get_bookkeeper(self, administrators=True):
        """Who is told about the account of a customer: the one in the settings, else the first
        user of the company with invoicing rights, an administrator only if there is nobody else.

        :param bool administrators: whether one may be named at all who is not in the settings
        """
        self.ensure_one()
        if self.bookkeeper_id.active:
            return self.bookkeeper_id
        users = self._get_users_in_group("account.group_account_invoice", administrators)
        return users[:1].sudo(self.env.su)

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        return withhold(
            super().fields_get(allfields, attributes),
            ("contact_default_terms", "contact_defaults_from_start", "contact_limit_undecided"),
        )
