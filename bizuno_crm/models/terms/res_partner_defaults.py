from odoo import api, fields, models
from odoo.tools import SQL, float_is_zero

from ...logic import terms
from .res_partner_terms import ACCOUNT_READERS

# Whoever becomes one of these has an account with terms and a limit from then on.
ACCOUNT_ROLES = ("role_customer", "role_lead", "customer_rank")
# The fields whose emptying is a decision, too.
_DECISIONS = {"property_payment_term_id", "credit_limit"}
# What a new form shows of the defaults: `_get_seeded_form_values`.
_SEEDED = _DECISIONS | {
    "bizuno_terms_written", "default_tax_id", "property_income_account_id",
    "property_product_pricelist", "specific_property_product_pricelist", "use_partner_credit_limit",
}  # fmt: skip


class _Later(frozenset):
    """Ids of the contacts that a `write` further out gives their defaults itself. In the context,
    by its class, which no remote call can send."""


class ResPartner(models.Model):
    # What a new customer or lead is seeded with from the settings, and what its documents use where
    # line and product name nothing.
    #
    # `bizuno_terms_written` remembers, for each company, that terms and limit were given: by the
    # settings or by somebody. From then on nothing is filled in, so that what was emptied stays so.

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

    @api.model
    def default_get(self, fields):  # pylint: disable=redefined-outer-name
        # Who may see the account sees in a new form what the customer is about to get.
        values = super().default_get(fields)
        # The form asks for its fields at once, and then for each that it has not got.
        wanted = (_SEEDED & {*fields}) - values.keys()
        if wanted and self._needs_contact_defaults(values) and self._sees_contact_defaults():
            defaults = self._filter_accessible(self._get_seeded_form_values())
            values.update({name: defaults[name] for name in defaults.keys() & wanted})
        return values

    @api.onchange("role_customer", "role_lead")
    def _onchange_role_gives_defaults(self):
        if not self._sees_contact_defaults():
            return
        for partner in self:
            if (
                not (partner.role_customer or partner.role_lead)
                or (partner.parent_id and not partner.is_company)
                or partner._origin.bizuno_terms_written
                or partner.bizuno_terms_written
            ):
                continue
            defaults = partner._filter_accessible(partner._get_contact_defaults())
            for name in partner._get_unfilled(defaults):
                partner[name] = defaults[name]
                if name == "specific_property_product_pricelist":
                    partner.property_product_pricelist = defaults[name]

    @api.depends("credit_limit")
    def _compute_use_partner_credit_limit(self):
        # Odoo's own does not follow the limit in a form, and would reset it on saving.
        return super()._compute_use_partner_credit_limit()

    @api.model_create_multi
    def create(self, vals_list):
        seeded = [self._needs_contact_defaults(vals) for vals in vals_list]
        if not any(seeded):
            return super().create(vals_list)
        # What the user may not choose was not given by the user: a form sends its defaults too.
        refused = set() if self.env.su else self._get_refused_account_fields(creating=True)
        given = [
            self._get_given_names(vals) - refused if is_seeded else None
            for vals, is_seeded in zip(vals_list, seeded, strict=True)
        ]
        defaults = self._get_contact_defaults()
        is_merged = not refused and self._filter_accessible(defaults) == defaults
        if is_merged:
            vals_list = [
                vals if names is None else {**vals, **_without(defaults, names)}
                for vals, names in zip(vals_list, given, strict=True)
            ]
        partners = super().create(vals_list)
        given = {
            partner.id: names
            for partner, names in zip(partners, given, strict=True)
            if names is not None
        }
        partners.browse(given)._give_contact_defaults(None if is_merged else given)
        return partners

    def write(self, vals):
        later = self.env.context.get("contact_defaults_later")
        later = later if isinstance(later, _Later) else _Later()
        refused = set() if self.env.su else self._get_refused_account_fields()
        emptied = self._filtered_emptied(vals.keys() - refused, vals)
        becoming = self._filtered_becoming_account(vals, later)
        partners = self
        if becoming:
            # The ranks that follow from the roles are written further in.
            partners = self.with_context(contact_defaults_later=_Later(later.union(becoming.ids)))
        result = super(ResPartner, partners).write(vals)
        emptied._remember_emptied()
        if becoming:
            becoming = becoming.filtered(lambda partner: partner.sudo()._has_own_account_role())
            becoming._give_contact_defaults(dict.fromkeys(becoming.ids, vals.keys() - refused))
        return result

    def copy_data(self, default=None):
        # A copy of a customer is a customer, with a new one's defaults.
        default = dict(default or {})
        may_add_lead = self.env.su or self.env.user.has_group("bizuno_crm.group_lead_add")
        vals_list = super().copy_data(default)
        for partner, vals in zip(self, vals_list, strict=True):
            if partner.parent_id and not partner.is_company:
                continue
            for role in ("role_customer", "role_vendor", "role_lead", "role_branch"):
                if partner[role] and (role != "role_lead" or may_add_lead):
                    vals.setdefault(role, default.get(role, True))
        return vals_list

    @api.model
    def _commercial_fields(self):
        return [*super()._commercial_fields(), "property_income_account_id", "default_tax_id"]

    # --- giving ----------------------------------------------------------------------------------

    def _has_account_role(self):
        self.ensure_one()
        return self.customer_rank > 0 or bool(self.role_lead)

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
    def _get_contact_defaults(self):
        """:return: values to write in the current company; its settings are read for everyone. The
        limit of a branch is that of its company."""
        company = self.env.company.sudo()
        root = company._get_credit_root()
        wanted = terms.parse(company.contact_default_terms)
        term = self.env["account.payment.term"].sudo()._get_for_bizuno(wanted)
        defaults = {
            "property_payment_term_id": term.id,
            "credit_limit": float(terms.parse(root.contact_default_terms).credit_limit),
            "bizuno_terms_written": terms.encode(wanted),
        }
        for name, setting in (
            ("property_income_account_id", "contact_income_account_id"),
            ("default_tax_id", "contact_tax_id"),
            ("specific_property_product_pricelist", "contact_price_sheet_id"),
        ):
            if record := company[setting] or root[setting]:
                defaults[name] = record.id
        return defaults

    @api.model
    def _get_seeded_form_values(self):
        """:return: the defaults, with what a form shows in their place"""
        values = self._get_contact_defaults()
        values["use_partner_credit_limit"] = True
        if sheet := values.get("specific_property_product_pricelist"):
            values["property_product_pricelist"] = sheet
        return values

    def _give_contact_defaults(self, given):
        """Fill what is empty in the accounts of these contacts from the settings of each company;
        an account that was given its terms before is left as it is.

        :param dict given: {contact's id: names of the values that were given for the current
            company}; None: that company is served already
        """
        if not self:
            return
        if given is not None:
            self._seed_defaults(self.env.company, given)
        root = self.env.company._get_credit_root()
        for company in self.env["res.company"].sudo().search([("id", "!=", self.env.company.id)]):
            # A company and its branches share the limit.
            shared = {"credit_limit"} if company._get_credit_root() == root else set()
            self._seed_defaults(company, dict.fromkeys(self.ids, shared))

    def _seed_defaults(self, company, given):
        partners = self.sudo().with_company(company)
        partners = partners.filtered(
            lambda partner: (
                partner.company_id.id in (False, company.id)
                and (
                    not partner.bizuno_terms_written or "bizuno_terms" in given.get(partner.id, ())
                )
            )
        )
        if not partners:
            return
        defaults = partners._get_contact_defaults()
        todo = {}
        for partner in partners:
            wanted = _without(defaults, given.get(partner.id, ()))
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

    # --- who is sold to --------------------------------------------------------------------------

    def _lacks_contact_defaults(self, company):
        """Whether this account is given terms and limit once it is sold to. Accounts from before
        the installation have what they have; in a company that was made after it, nobody has
        decided anything before."""
        self.ensure_one()
        account = self.sudo().with_company(company)
        if account.bizuno_terms_written or account.company_id.id not in (False, company.id):
            return False
        return company.sudo().contact_defaults_from_start or not account._has_account_role()

    def _get_limit_to_come(self, company):
        """:return: the credit limit by which the account is judged: its own, or the one that it is
        given as soon as it is sold to; in the company's currency"""
        account = self.sudo().with_company(company)
        if (
            account.credit_limit
            or not self._lacks_contact_defaults(company)
            or self._is_limit_decided_by_root(company)
        ):
            return account.credit_limit
        root = company.sudo()._get_credit_root()
        return float(terms.parse(root.contact_default_terms).credit_limit)

    @api.model
    def _get_limit_to_come_sql(self, alias, query):
        """`_get_limit_to_come` in SQL, for the current company.

        :param str alias: of res_partner, for an account
        :param query: as `_field_to_sql` takes it
        """
        company = self.env.company.sudo()
        root = company._get_credit_root()
        decided = [
            SQL(
                "COALESCE(%s, '') <> ''",
                self.sudo().with_company(one)._field_to_sql(alias, "bizuno_terms_written", query),
            )
            for one in company | root
        ]
        decided.append(
            SQL(
                "COALESCE(%(company)s, %(id)s) <> %(id)s",
                company=self._field_to_sql(alias, "company_id", query),
                id=company.id,
            )
        )
        if not company.contact_defaults_from_start:
            decided += [
                SQL("%s > 0", self._field_to_sql(alias, "customer_rank", query)),
                SQL("%s", self._field_to_sql(alias, "role_lead", query)),
            ]
        return SQL(
            "CASE WHEN %(limit)s <> 0 OR %(decided)s THEN %(limit)s ELSE %(default)s END",
            limit=self._field_to_sql(alias, "credit_limit", query),
            decided=SQL(" OR ").join(decided),
            default=float(terms.parse(root.contact_default_terms).credit_limit),
        )

    def _is_limit_decided_by_root(self, company):
        root = company.sudo()._get_credit_root()
        return root != company and bool(self.sudo().with_company(root).bizuno_terms_written)

    def _give_defaults_once_sold_to(self, company):
        """Give the accounts of these contacts, who are sold to, what a customer has. As the system:
        who confirms or posts need not have a right on the customer's account."""
        accounts = self.sudo().commercial_partner_id.with_company(company)
        accounts.filtered(
            lambda account: account._lacks_contact_defaults(company)
        )._give_contact_defaults({})

    def _become_customers(self, company):
        """Make customers of these contacts, to whom an order of the company is confirmed."""
        accounts = self.sudo().commercial_partner_id.with_company(company)
        # A rank above 0 is the role, and gives the defaults.
        accounts.filtered(lambda account: account.customer_rank <= 0).customer_rank = 1
        accounts._give_defaults_once_sold_to(company)

    # --- documents -------------------------------------------------------------------------------

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


def _without(defaults, names):
    """The code of the terms goes with them; that they were given is remembered all the same."""
    hidden = {*names}
    if "bizuno_terms" in hidden:
        hidden |= {"property_payment_term_id", "credit_limit", "bizuno_terms_written"}
    return {name: value for name, value in defaults.items() if name not in hidden}
