from odoo import api, fields, models

from ..logic import terms


class ResPartner(models.Model):
    """What a new customer or lead is seeded with from the settings, and what its documents use
    where line and product name nothing."""

    _inherit = "res.partner"

    property_income_account_id = fields.Many2one(
        "account.account",
        string="Default Revenue Account",
        company_dependent=True,
        check_company=True,
        domain="[('account_type', 'in', ('income', 'income_other'))]",
        ondelete="restrict",
        help="Used on the lines of invoices where neither the line nor the product names one.",
    )
    default_tax_id = fields.Many2one(
        "account.tax",
        string="Default Tax Authority",
        company_dependent=True,
        check_company=True,
        domain="[('type_tax_use', '=', 'sale')]",
        ondelete="restrict",
        help="Used on the lines of orders and invoices where neither the line nor the product "
        "names a tax.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        seeded = [self._needs_contact_defaults(vals) for vals in vals_list]
        if not any(seeded):
            return super().create(vals_list)
        # What the user may not choose was not given by the user: a form sends its defaults too.
        refused = set() if self.env.su else self._get_refused_account_fields(creating=True)
        given = [
            vals.keys() - refused if is_seeded else None
            for vals, is_seeded in zip(vals_list, seeded, strict=True)
        ]
        if not refused:
            defaults = self._get_contact_defaults()
            vals_list = [
                vals if names is None else {**_without_given(defaults, names), **vals}
                for vals, names in zip(vals_list, given, strict=True)
            ]
        partners = super().create(vals_list)
        if refused:
            partners._seed_defaults(self.env.company, given)
        partners._seed_other_companies(given)
        return partners

    @api.model
    def _commercial_fields(self):
        return [*super()._commercial_fields(), "property_income_account_id", "default_tax_id"]

    @api.model
    def _needs_contact_defaults(self, vals):
        """Customers and leads that have an account of their own; contacts of a company have the
        company's."""
        if vals.get("parent_id") and not vals.get("is_company"):
            return False
        context = self.env.context
        return any(
            vals.get(name, context.get(f"default_{name}"))
            for name in ("role_customer", "role_lead", "customer_rank")
        ) or (context.get("res_partner_search_mode") == "customer" and "customer_rank" not in vals)

    @api.model
    def _get_contact_defaults(self):
        """:return: values to write in the current company; its settings are read for everyone"""
        company = self.env.company.sudo()
        root = company._get_credit_root()
        wanted = terms.parse(company.contact_default_terms)
        term = self.env["account.payment.term"].sudo()._get_for_bizuno(wanted)
        defaults = {
            "property_payment_term_id": term.id,
            "credit_limit": float(terms.parse(root.contact_default_terms).credit_limit),
            "bizuno_terms_written": terms.encode(wanted),
        }
        if company.contact_income_account_id:
            defaults["property_income_account_id"] = company.contact_income_account_id.id
        if company.contact_tax_id:
            defaults["default_tax_id"] = company.contact_tax_id.id
        return defaults

    def _seed_defaults(self, company, given):
        """
        :param list given: one entry per contact: names of the values given, or None: not seeded
        """
        todo = {}
        for partner, names in zip(self, given, strict=True):
            if names is not None and partner.company_id.id in (False, company.id):
                todo.setdefault(frozenset(names), []).append(partner.id)
        if not todo:
            return
        partners = self.sudo().with_company(company)
        defaults = partners._get_contact_defaults()
        for names, ids in todo.items():
            wanted = _without_given(defaults, names)
            partners.browse(ids).write(
                {name: value for name, value in wanted.items() if name not in names}
            )

    def _seed_other_companies(self, given):
        """The settings of the other companies that share the contacts: what was given explicitly
        was given for the current company."""
        root = self.env.company._get_credit_root()
        for company in self.env["res.company"].sudo().search([("id", "!=", self.env.company.id)]):
            # Branches share the limit that was given.
            shared = ["credit_limit"] if company.root_id == root else []
            self._seed_defaults(company, [None if names is None else shared for names in given])

    def _get_default_tax(self, company, product, position):
        """The customer's default tax on a line with this product, mapped like the product's own.

        :return: `account.tax`, or None if the customer has none or the product names one
        """
        account = self.commercial_partner_id.with_company(company)
        if not account.default_tax_id or product.taxes_id._filter_taxes_by_company(company):
            return None
        return position.map_tax(account.default_tax_id)

    def _get_default_income_account(self, company, product):
        """The customer's revenue account for a line with this product.

        :return: `account.account`, empty if the customer has none or if the product, or its
            category, names one. A company-wide fallback for categories names nothing.
        """
        account = self.commercial_partner_id.with_company(company).property_income_account_id
        if not account or not product:
            return account
        template = product.with_company(company).product_tmpl_id
        for record, name in (
            (template, "property_account_income_id"),
            (template.categ_id, "property_account_income_categ_id"),
        ):
            fallback = record._fields[name].get_company_dependent_fallback(record)
            if record[name] and record[name] != fallback:
                return account.browse()
        return account


def _without_given(defaults, names):
    """The code of the terms goes with them: it is of no use if another payment term is given."""
    hidden = set()
    if "bizuno_terms" in names:
        hidden = {"property_payment_term_id", "credit_limit", "bizuno_terms_written"}
    elif "property_payment_term_id" in names:
        hidden = {"bizuno_terms_written"}
    return {name: value for name, value in defaults.items() if name not in hidden}
