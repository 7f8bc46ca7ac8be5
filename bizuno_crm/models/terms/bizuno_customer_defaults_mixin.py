from odoo import api, models
from odoo.tools import float_is_zero

from ...logic import terms
from .bizuno_terms_mixin import ACCOUNT_READERS

# Whoever becomes one of these has an account with terms and a limit from then on.
ACCOUNT_ROLES = ("role_customer", "role_lead", "customer_rank")
# The fields whose emptying is a decision, too.
_DECISIONS = {"property_payment_term_id", "credit_limit"}
# What a new form shows of the defaults: `_get_seeded_form_values`.
SEEDED = _DECISIONS | {
    "bizuno_terms_written", "default_tax_id", "property_income_account_id",
    "property_product_pricelist", "specific_property_product_pricelist", "use_partner_credit_limit",
}  # fmt: skip


class Later(frozenset):
    """Ids of the contacts that a `write` further out gives their defaults itself. In the context,
    by its class, which no remote call can send."""


class BizunoCustomerDefaultsMixin(models.AbstractModel):
    """What a new customer or lead is seeded with from the settings.

    `bizuno_terms_written` remembers, for each company, that terms and limit were given: by the
    settings or by somebody. From then on nothing is filled in, so that what was emptied stays so.
    """

    _name = "bizuno.customer.defaults.mixin"
    _description = "Customer with the Settings' Defaults"

    def _has_account_role(self):
        self.ensure_one()
        return self.customer_rank > 0 or bool(self.role_lead)

    def _may_be_used_in(self, company):
        """Whether documents of a company may name the contact."""
        self.ensure_one()
        return not self.company_id or self.company_id in company._get_companies_of_contacts()

    def _has_own_account_role(self):
        return self == self.commercial_partner_id and self._has_account_role()

    def _filtered_becoming_account(self, vals, later):
        """The contacts that this write may make customers or leads with an account of their own."""
        if not any(vals.get(name) for name in ACCOUNT_ROLES) and not {
            "parent_id", "is_company",
        } & vals.keys():  # fmt: skip
            return self.browse()
        return self.filtered(
            lambda partner: partner.id not in later and not partner.sudo()._has_own_account_role()
        )

    def _filtered_emptied(self, names, vals):
        """The accounts whose terms or limit this write, by somebody who may, empties."""
        names = [name for name in _DECISIONS & names if not vals[name]]
        if not names or "bizuno_terms_written" in vals:
            return self.browse()
        return self.filtered(
            lambda partner: (
                partner == partner.commercial_partner_id
                and any(partner.sudo()[name] for name in names)
            )
        )

    @api.model
    def _needs_contact_defaults(self, vals):
        """Customers and leads that have an account of their own; contacts of a company have the
        company's."""
        context = self.env.context
        if not vals.get("is_company"):
            if vals.get("parent_id", context.get("default_parent_id")):
                return False
        return any(vals.get(name, context.get(f"default_{name}")) for name in ACCOUNT_ROLES) or (
            context.get("res_partner_search_mode") == "customer" and "customer_rank" not in vals
        )

    @api.model
    def _sees_contact_defaults(self):
        return self.env.su or self.env.user.has_groups(ACCOUNT_READERS)

    @api.model
    def _filter_accessible(self, values):
        """The values of fields that the user may write: Odoo shows some to accounting alone."""
        accessible = {
            name: value
            for name, value in values.items()
            if self._has_field_access(self._fields[name], "write")
        }
        if "credit_limit" not in accessible:
            # What a form cannot show is not given yet: it is when the form is saved.
            accessible.pop("bizuno_terms_written", None)
        return accessible

    @api.model
    def _get_given_names(self, vals):
        """:return: set of the names of the values that somebody has given; an empty code of terms
        says nothing"""
        return {*vals} if vals.get("bizuno_terms") else {*vals} - {"bizuno_terms"}

    @api.model
    def _get_contact_defaults(self, names=None):
        """The settings of the current company are read for everyone. The limit of a branch is that
        of its company.

        :param names: of the fields that are asked for; None for all
        :return: values to write in the current company, those of these fields among them
        """
        company = self.env.company.sudo()
        root = company._get_credit_root()
        wanted = terms.parse(company.contact_default_terms)
        defaults = {
            "credit_limit": float(terms.parse(root.contact_default_terms).credit_limit),
            "bizuno_terms_written": terms.encode(wanted),
        }
        if names is None or "property_payment_term_id" in names:
            term = self.env["account.payment.term"].sudo()._get_for_bizuno(wanted)
            defaults["property_payment_term_id"] = term.id
        for name, setting in (
            ("property_income_account_id", "contact_income_account_id"),
            ("default_tax_id", "contact_tax_id"),
            ("specific_property_product_pricelist", "contact_price_sheet_id"),
        ):
            if record := company[setting] or root[setting]:
                defaults[name] = record.id
        return defaults

    @api.model
    def _get_seeded_form_values(self, names=None):
        """As `_get_contact_defaults`, with what a form shows in their place."""
        values = self._get_contact_defaults(names)
        values["use_partner_credit_limit"] = True
        if sheet := values.get("specific_property_product_pricelist"):
            values["property_product_pricelist"] = sheet
        return values

    def _give_contact_defaults(self, explicit):
        """Fill what is empty in the accounts of these contacts from the settings of each company;
        an account that was given its terms before is left as it is.

        :param dict explicit: {contact's id: names of the values that were given for the current
            company}; None: that company is served already
        """
        if not self:
            return
        if explicit is not None:
            self._seed_defaults(self.env.company, explicit)
        root = self.env.company._get_credit_root()
        for company in self.env["res.company"].sudo().search([("id", "!=", self.env.company.id)]):
            # A company and its branches share the limit.
            shared = {"credit_limit"} if company._get_credit_root() == root else set()
            self._seed_defaults(company, dict.fromkeys(self.ids, shared))

    def _seed_defaults(self, company, explicit):
        partners = self.sudo().with_company(company)
        partners = partners.filtered(
            lambda partner: (
                partner._may_be_used_in(company)
                and (
                    not partner.bizuno_terms_written
                    or "bizuno_terms" in explicit.get(partner.id, ())
                )
            )
        )
        if not partners:
            return
        defaults = partners._get_contact_defaults()
        todo = {}
        for partner in partners:
            wanted = without_names(defaults, explicit.get(partner.id, ()))
            if partner._is_limit_decided_by_root(company):
                wanted.pop("credit_limit", None)
            names = frozenset(partner._get_unfilled(wanted))
            todo.setdefault(names, []).append(partner.id)
        for names, ids in todo.items():
            partners.browse(ids).write({name: defaults[name] for name in names})

    def _get_unfilled(self, defaults):
        """:return: the names of the defaults where the contact has no value of its own"""
        self.ensure_one()
        unfilled = []
        for name in defaults:
            field = self._fields[name]
            value = self[name]
            fallback = field.get_company_dependent_fallback(self)
            if field.type == "float":
                is_own = not any(
                    float_is_zero(value - other, precision_digits=6) for other in (0.0, fallback)
                )
            else:
                is_own = bool(value) and value != fallback
            if not is_own:
                unfilled.append(name)
        return unfilled

    def _remember_emptied(self):
        """Somebody has emptied terms or limit: that is a decision, and no settings fill them in
        again."""
        for partner in self.sudo():
            if not partner.bizuno_terms_written:
                known = partner.property_payment_term_id._get_bizuno_terms() or terms.Terms()
                partner.bizuno_terms_written = terms.encode(partner._with_own_limit(known))


def without_names(defaults, names):
    """The code of the terms goes with them; that they were given is remembered all the same."""
    hidden = {*names}
    if "bizuno_terms" in hidden:
        hidden |= {"property_payment_term_id", "credit_limit", "bizuno_terms_written"}
    return {name: value for name, value in defaults.items() if name not in hidden}
