from odoo import api, fields, models

from ..base.given import with_given_defaults
from .bizuno_account_merge_mixin import BizunoAccountMergeMixin
from .bizuno_account_owner_mixin import BizunoAccountOwnerMixin
from .bizuno_account_rights_mixin import BizunoAccountRightsMixin
from .bizuno_customer_defaults_mixin import (
    SEEDED,
    BizunoCustomerDefaultsMixin,
    Later,
    without_names,
)
from .bizuno_customer_limit_mixin import BizunoCustomerLimitMixin
from .bizuno_tax_exempt_customer_mixin import BizunoTaxExemptCustomerMixin
from .bizuno_terms_mixin import ACCOUNT_READERS, BizunoTermsMixin


class ResPartner(models.Model):
    # The customer's account: terms and limit, defaults, tax exemption, price sheet. Here is the
    # order in which what is written is checked, done and followed up; the mixins decide.

    _name = "res.partner"
    _inherit = [
        BizunoAccountRightsMixin._name,
        BizunoAccountOwnerMixin._name,
        BizunoAccountMergeMixin._name,
        BizunoTermsMixin._name,
        BizunoCustomerDefaultsMixin._name,
        BizunoCustomerLimitMixin._name,
        BizunoTaxExemptCustomerMixin._name,
        "res.partner",
    ]

    # What was agreed, by whom and when; read by those who may see the limit.
    credit_limit = fields.Float(tracking=True)
    bizuno_terms = fields.Char(
        string="Terms",
        compute="_compute_bizuno_terms",
        inverse="_inverse_bizuno_terms",
        groups=ACCOUNT_READERS,
        help="Bizuno's code type:discount:days:net days or date:credit limit. Types: 0 default, 1 "
        "cash on delivery, 2 prepaid, 3 discount and net days, 4 due on a date, 5 end of month, 6 "
        "due on receipt. Entering a code selects the payment term and sets the credit limit; an "
        "empty value changes nothing.",
    )
    # As it was written, because different codes mean the same: 0 and 3:0:0:30, for example. It is
    # believed only while the payment term still does what it says.
    bizuno_terms_written = fields.Char(
        company_dependent=True, readonly=True, groups=ACCOUNT_READERS, copy=False
    )
    terms_text = fields.Char(
        string="Terms in Words",
        compute="_compute_terms_text",
        groups="base.group_user",
        help="Payment terms and credit limit; only users with the right to see the limit see it.",
    )
    property_income_account_id = fields.Many2one(
        comodel_name="account.account",
        string="Default Revenue Account",
        company_dependent=True,
        check_company=True,
        domain="[('account_type', 'in', ('income', 'income_other'))]",
        ondelete="restrict",
        help="Used on invoice lines when neither the line nor the product has one.",
    )
    default_tax_id = fields.Many2one(
        comodel_name="account.tax",
        company_dependent=True,
        check_company=True,
        domain="[('type_tax_use', '=', 'sale')]",
        ondelete="restrict",
        help="Used on order and invoice lines when neither the line nor the product has a tax.",
    )
    # Bizuno's price sheet is Odoo's pricelist under that name.
    specific_property_product_pricelist = fields.Many2one(tracking=True)
    # A certificate is made out to one account: a copy has none.
    tax_exempt = fields.Boolean(
        copy=False,
        tracking=True,
        help="No sales tax on orders and invoices while the certificate is valid.",
    )
    tax_exempt_certificate = fields.Char(string="Exemption Certificate", copy=False, tracking=True)
    tax_exempt_expiration = fields.Date(
        string="Exemption Expires",
        copy=False,
        tracking=True,
        help="The last day of the exemption. Without a date it does not expire.",
    )
    # The expiry date that the bookkeeper has been told of: each date is told once.
    tax_exempt_warned = fields.Date(copy=False, readonly=True)
    marketplace = fields.Boolean(
        help="An online marketplace that collects sales tax itself. For information only."
    )
    can_edit_account = fields.Boolean(
        compute="_compute_can_edit_account", help="For screens: what the server would allow."
    )

    @api.depends("credit_limit")
    def _compute_use_partner_credit_limit(self):
        # Odoo's own does not follow the limit in a form, and would reset it on saving.
        return super()._compute_use_partner_credit_limit()

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

    @api.model
    def default_get(self, fields):  # pylint: disable=redefined-outer-name
        values = super().default_get(fields)
        # A default from the context, or one that a user has saved, is no way around the rights.
        if not self.env.su:
            for name in values.keys() & self._get_refused_account_fields(creating=True):
                field = self._fields[name]
                if field.default and not field.company_dependent:
                    values[name] = field.default(self)
                else:
                    del values[name]
        values.pop("commercial_partner_id", None)
        # Who may see the account sees in a new form what the customer is about to get.
        # The form asks for its fields at once, and then for each that it has not got.
        wanted = (SEEDED & {*fields}) - values.keys()
        if wanted and self._needs_contact_defaults(values) and self._sees_contact_defaults():
            defaults = self._filter_accessible(self._get_seeded_form_values(wanted))
            values.update({name: defaults[name] for name in defaults.keys() & wanted})
        return values

    @api.model_create_multi
    def create(self, vals_list):
        # Rights are checked on what is written, and not on what it is called.
        vals_list = [self._split_account_status(vals) for vals in vals_list]
        for vals in with_given_defaults(self, vals_list, "credit_limit", "tax_exempt_expiration"):
            self._check_credit_limit_given(vals)
            self._check_exemption_date(vals)
        for vals in vals_list:
            self._check_terms_agree(vals)
        # What the user may not choose was not given by the user: a form sends its defaults too.
        refused = set() if self.env.su else self._get_refused_account_fields(creating=True)
        explicit = [
            self._get_given_names(vals) - refused if self._needs_contact_defaults(vals) else None
            for vals in vals_list
        ]
        defaults = (
            self._get_contact_defaults() if any(names is not None for names in explicit) else {}
        )
        is_merged = not refused and self._filter_accessible(defaults) == defaults
        if is_merged:
            vals_list = [
                vals if names is None else {**vals, **without_names(defaults, names)}
                for vals, names in zip(vals_list, explicit, strict=True)
            ]
        self._check_account_owner(vals_list)
        if refused:
            vals_list = [self._drop_default_account_values(vals, refused) for vals in vals_list]
        partners = super().create(vals_list)
        explicit = {
            partner.id: names
            for partner, names in zip(partners, explicit, strict=True)
            if names is not None
        }
        partners.browse(explicit)._give_contact_defaults(None if is_merged else explicit)
        return partners

    def write(self, vals):
        # Archived or not is free: the restriction beneath is not.
        vals = self._split_account_status(vals)
        self._check_credit_limit_given(vals)
        self._check_exemption_date(vals)
        self._check_terms_agree(vals)
        later = self.env.context.get("contact_defaults_later")
        later = later if isinstance(later, Later) else Later()
        refused = set() if self.env.su else self._get_refused_account_fields()
        emptied = self._filtered_emptied(vals.keys() - refused, vals)
        becoming = self._filtered_becoming_account(vals, later)
        partners = self
        if becoming:
            # The ranks that follow from the roles are written further in.
            partners = self.with_context(contact_defaults_later=Later(later.union(becoming.ids)))
        self._check_account_owner([vals])
        before = (
            {record: record.company_id for record in self.sudo()} if "company_id" in vals else {}
        )

        def write(values):
            # Not before: who joins an account has what the account has.
            if refused_names := refused & values.keys():
                partners._check_account_unchanged(values, refused_names)
            return super(ResPartner, partners).write(values)

        result = partners._change_parenthood(vals, write)
        if before:
            partners._seed_opened_companies(before)
        emptied._remember_emptied()
        if becoming:
            becoming = becoming.filtered(lambda partner: partner.sudo()._has_own_account_role())
            becoming._give_contact_defaults(dict.fromkeys(becoming.ids, vals.keys() - refused))
        if not vals.get("tax_exempt", True) or "tax_exempt_expiration" in vals:
            self._end_tax_exempt_warning()
        return result

    def unlink(self):
        return self._leave_deleted_accounts(super().unlink)

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
        return [
            *super()._commercial_fields(),
            "property_income_account_id", "default_tax_id",
            "tax_exempt", "tax_exempt_certificate", "tax_exempt_expiration",
            "bizuno_terms_written",
        ]  # fmt: skip

    def action_open_terms(self):
        """The terms dialog of the customer's account.

        :return: a window action
        :raise AccessError: without the right to change the customer's account
        """
        return self._get_account_dialog(
            "bizuno.terms.wizard",
            self.env._("Terms of %(customer)s", customer=self.commercial_partner_id.name),
            self.env._("Terms"),
        )

    def _get_price_sheet(self, company):
        """:return: the price list of this contact in a company; none where they are switched off"""
        # As the system: a bookkeeper need not have a right on price lists.
        return self.sudo().with_company(company).property_product_pricelist.sudo(False)

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
