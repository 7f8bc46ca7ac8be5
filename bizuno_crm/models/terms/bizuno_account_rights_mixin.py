from odoo import api, models
from odoo.exceptions import AccessError

from ... import messages
from ...logic.credit import strictness_of

_CREATORS = "bizuno_crm.group_customer_add"
EDITORS = "bizuno_crm.group_customer_edit"
# {field: (group to create with it, group to change it)}. Everything that decides what a customer is
# charged, when it is due and how much is lent: for accounting and the Bizuno manager, not for every
# sales rep.
GROUPS_OF_FIELD = dict.fromkeys(
    (
        # terms and limit
        "bizuno_terms", "bizuno_terms_written", "property_payment_term_id", "credit_limit",
        "use_partner_credit_limit",
        # status
        "account_status", "account_restriction", "account_status_reason",
        # exemption and tax
        "tax_exempt", "tax_exempt_certificate", "tax_exempt_expiration", "tax_exempt_warned",
        "property_account_position_id", "default_tax_id",
        # price sheet
        "property_product_pricelist", "specific_property_product_pricelist",
        # accounts
        "property_income_account_id",
    ),
    (_CREATORS, EDITORS),
)  # fmt: skip
# Those that hold what was decided; the others follow from these, or tell of them.
MERGED_FIELDS = (
    "property_payment_term_id", "credit_limit", "account_restriction",
    "tax_exempt", "tax_exempt_certificate", "tax_exempt_expiration",
    "property_account_position_id", "default_tax_id",
    "specific_property_product_pricelist", "property_income_account_id",
)  # fmt: skip


class BizunoAccountRightsMixin(models.AbstractModel):
    """Who may change a customer's account: the one place where the server decides it.

    Screens hide or grey what a user may not change; this refuses it however it arrives: form,
    import, remote call, commands nested in another record, defaults in the context.
    """

    _name = "bizuno.account.rights.mixin"
    _description = "Account That Not Everybody May Change"

    @api.depends_context("uid")
    def _compute_can_edit_account(self):
        may_create = not self._get_refused_account_fields(creating=True)
        may_edit = not self._get_refused_account_fields()
        for partner in self:
            partner.can_edit_account = may_edit if partner._origin.id else may_create

    @api.model
    def _get_refused_account_fields(self, creating=False):
        """:return: set of the names of the fields that the user may not change, or not give to a
        new contact"""
        # Most fields have the same groups, of which each is asked once.
        refused = {
            groups
            for groups in {*GROUPS_OF_FIELD.values()}
            if not self.env.user.has_group(groups[0 if creating else 1])
        }
        return {name for name, groups in GROUPS_OF_FIELD.items() if groups in refused}

    @api.model
    def _drop_default_account_values(self, vals, refused):
        """The values of a new contact without those that it would have anyway, such as a form
        sends them; what the settings seed then comes in their place.

        :raise AccessError: if one is left that the user may not choose
        """
        refused_names = refused & vals.keys()
        if not refused_names:
            return vals
        parent = self.browse(vals.get("parent_id")).sudo().commercial_partner_id
        new = self.sudo().new({"country_id": vals.get("country_id")})
        seeds = self._get_seeded_form_values() if self._needs_contact_defaults(vals) else {}
        for name in refused_names:
            value = self._normalize_account_value(name, vals[name])
            if value:
                seed = self._normalize_account_value(name, seeds.get(name, False))
                if value not in (new[name], parent[name], seed):
                    self._refuse_account_change(vals.get("name"), refused_names, creating=True)
        return {name: value for name, value in vals.items() if name not in refused_names}

    def _check_account_unchanged(self, vals, refused):
        """
        :raise AccessError: if a value differs from what the contact, or its company, has
        """
        for name in refused:
            value = self._normalize_account_value(name, vals[name])
            for partner in self.sudo():
                known = (partner[name], partner.commercial_partner_id[name])
                if (value or known[0]) and value not in known:
                    self._refuse_account_change(partner.display_name, refused)

    @api.model
    def _normalize_account_value(self, name, value):
        """A value to write in the form in which records hold it, to compare the two."""
        record = self.sudo().new()
        field = self._fields[name]
        if field.type == "many2one" and not isinstance(value, (int, models.BaseModel)):
            value = value or False
        return field.convert_to_record(field.convert_to_cache(value, record), record)

    def _check_account_merge(self, destination, account=None):
        """Whether the user may merge these contacts into another: without the right to change a
        customer's account, only if nothing that was decided about one of them is lost or passed on.
        What the settings give to every new customer was not decided.

        :param destination: the contact that stays
        :param account: whose account it has then; as Odoo's merge does it, if none is named
        :raise AccessError: one sentence that names the contact and the fields
        """
        if self._may_edit_accounts():
            return
        merged = (self + destination).sudo()
        account = account or self.sudo()._get_account_after_merge(destination.sudo())
        for partner in merged - account:
            if names := partner._get_account_decisions(account):
                raise AccessError(
                    messages.account_merge_refused(
                        self.env,
                        partner.display_name,
                        destination.display_name,
                        self._get_account_labels(names),
                        EDITORS,
                    )
                )

    @api.model
    def _may_edit_accounts(self):
        return self.env.user.has_group(EDITORS)

    @api.model
    def _get_account_labels(self, names):
        return [
            self._fields[name]._description_string(self.env)
            for name in MERGED_FIELDS
            if name in names
        ]

    def _get_account_after_merge(self, destination):
        """As Odoo's merge does it: who has no parent gets that of the last contact that has one;
        a company has its own account all the same."""
        parent = destination.parent_id or self.parent_id[-1:]
        if not parent or any((self + destination).mapped("is_company")):
            return destination
        return parent.commercial_partner_id

    def _get_account_decisions(self, account):
        """:return: set of the names of the fields that differ from another account, in any company,
        and from what the settings give to a new customer"""
        self.ensure_one()
        decisions = set()
        own, other = self.account_restriction, account.account_restriction
        if strictness_of(own) < strictness_of(other):
            decisions.add("account_restriction")
        for company in self.env["res.company"].search([]):  # pylint: disable=no-search-all
            own, other = self.with_company(company), account.with_company(company)
            defaults = own._get_contact_defaults()
            for name in MERGED_FIELDS:
                field = self._fields[name]
                if name == "account_restriction" or own[name] == other[name] or not own[name]:
                    continue
                default = self._normalize_account_value(name, defaults.get(name, False))
                if own[name] == default:
                    continue
                if field.company_dependent:
                    if own[name] == field.get_company_dependent_fallback(own):
                        continue
                decisions.add(name)
        return decisions

    def _get_account_dialog(self, model, title, label):
        """A dialog that changes the customer's account.

        :param str model: of the wizard
        :param str title: of the dialog
        :param str label: of what it changes, for the refusal
        :return: a window action
        :raise AccessError: without the right to change the customer's account
        """
        self.ensure_one()
        self.check_access("read")
        if not self.env.user.has_group(EDITORS):
            raise AccessError(messages.account_change_refused(self.env, self, [label], EDITORS))
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": model,
            "view_mode": "form",
            "target": "new",
            "context": {"default_partner_id": self.commercial_partner_id.id},
        }

    @api.model
    def _refuse_account_change(self, customer, names, creating=False):
        # By the name that it has on the page.
        names = {"account_status" if name == "account_restriction" else name for name in names}
        labels = [self._fields[name]._description_string(self.env) for name in sorted(names)]
        group = _CREATORS if creating else EDITORS
        raise AccessError(messages.account_change_refused(self.env, customer, labels, group))
