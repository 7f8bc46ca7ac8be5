from datetime import datetime

from odoo import api, models

from ...logic.credit import strictness_of
from ..contact.res_partner import RESTRICTION

# What was decided together stays together: with one account, never half from each.
EXEMPTION = ("tax_exempt", "tax_exempt_certificate", "tax_exempt_expiration")
TERMS = ("property_payment_term_id", "credit_limit", "bizuno_terms_written")
NEWSLETTER = ("newsletter", "newsletter_date", "newsletter_source")
SINGLE = (
    "property_account_position_id", "default_tax_id",
    "specific_property_product_pricelist", "property_income_account_id",
)  # fmt: skip
# What the contacts of a company have a copy of.
_COPIED = (*EXEMPTION, *TERMS, *SINGLE)


class BizunoAccountMergeMixin(models.AbstractModel):
    """What was decided about an account, and what of it is valid where two become one."""

    _name = "bizuno.account.merge.mixin"
    _description = "Account That May Be Merged"

    def _get_account(self):
        """What was decided about this contact's account.

        :return: {"customer": bool, "common": values, company: values that depend on the company}
        """
        self.ensure_one()
        account = {
            "customer": self.role_customer,
            "common": {name: self[name] for name in (*EXEMPTION, *RESTRICTION)},
        }
        for contact in self._in_every_company():
            account[contact.env.company] = {name: contact[name] for name in (*TERMS, *SINGLE)}
        return account

    def _take_account(self, other):
        """Fill in from another account what was not decided about this one."""
        self._set_account(self._unite_accounts(self._get_account(), other))

    @api.model
    def _unite_accounts(self, own, other):
        """
        :param dict own: of the account that stays, as `_get_account` gives it
        :param dict other: of the one that ends
        :return: what is decided about both: what was decided together comes from one of them
        """
        exempt = next(
            (
                account
                for account in (own, other)
                if any(account["common"][name] for name in EXEMPTION)
            ),
            own,
        )
        strict = min(
            own, other, key=lambda account: strictness_of(account["common"]["account_restriction"])
        )
        united = {
            "customer": own["customer"] or other["customer"],
            "common": {
                **{name: exempt["common"][name] for name in EXEMPTION},
                **{name: strict["common"][name] for name in RESTRICTION},
            },
        }
        for company in own.keys() - united.keys():
            mine, theirs = own[company], other[company]
            has_terms = own["customer"] or any(mine[name] for name in TERMS)
            united[company] = {name: (mine if has_terms else theirs)[name] for name in TERMS}
            united[company].update({name: mine[name] or theirs[name] for name in SINGLE})
        return united

    def _set_account(self, account):
        """:param dict account: as `_get_account` gives it"""
        self.ensure_one()
        common = account["common"]
        self.sudo()._write_changes({name: common[name] for name in EXEMPTION})
        if any(self[name] != common[name] for name in RESTRICTION):
            # together: a reason ends with what it is one for
            self.sudo().write({name: common[name] for name in RESTRICTION})
        for partner in self._in_every_company():
            partner._write_changes(account[partner.env.company])
        if account["customer"] and not self.role_customer:
            self.sudo().role_customer = True

    @api.model
    def _get_no_account(self):
        """:return: what `_get_account` gives for a contact about whom nothing was decided"""
        return self.sudo().new({})._get_account()

    def _get_newsletter_choice(self):
        """:return: (address, when, whether it is no, values): the later one of two is valid"""
        self.ensure_one()
        values = {name: self[name] for name in NEWSLETTER}
        when = self.newsletter_date or datetime.min
        return self.email_normalized, when, not self.newsletter, values

    def _forget_newsletter_choice(self):
        for partner in self:
            partner._write_changes(dict.fromkeys(NEWSLETTER, False))

    def _set_newsletter_choice(self, choices):
        """The latest choice of the address that this contact has; no choice of another one.

        :param list choices: of `_get_newsletter_choice`
        """
        self.ensure_one()
        made = [
            choice
            for choice in choices
            if choice[0] == self.email_normalized and any(choice[-1].values())
        ]
        latest = max(made, key=lambda choice: choice[1:3], default=None)
        self.sudo()._write_changes(latest[-1] if latest else dict.fromkeys(NEWSLETTER, False))

    def _hand_account_over(self, company):
        """Everything to a company that was made for this contact: the Contact ID too."""
        # First of all: a customer without one is given a new one.
        contact_id = self.ref
        if contact_id and not company.ref:
            self._drop_contact_id()
            company.ref = contact_id
        for contact in self._in_every_company():
            account = company.with_company(contact.env.company)
            names = contact._company_dependent_commercial_fields()
            account._write_changes({name: contact[name] for name in names})
        company._take_account(self._get_account())
        company._write_changes({
            "user_id": company.user_id or self.user_id,
            "customer_rank": max(company.customer_rank, self.customer_rank),
            "supplier_rank": max(company.supplier_rank, self.supplier_rank),
        })  # fmt: skip

    def _copy_account(self, account=None):
        """Contacts of a company have what the company has. Odoo copies it, but nothing empty.

        :param account: to whose company these contacts are about to move
        """
        for contacts in self._in_every_company():
            for contact in contacts:
                owner = (account or contact.commercial_partner_id).with_env(contact.env)
                if owner != contact:
                    contact._write_changes({name: owner[name] for name in _COPIED})

    def _write_changes(self, values):
        changed = {name: value for name, value in values.items() if self[name] != value}
        if changed:
            self.write(self._convert_to_write(changed))

    def _in_every_company(self):
        """:return: these contacts, as the system, in one company after the other"""
        every = self.env["res.company"].sudo().search([])  # pylint: disable=no-search-all
        return [self.sudo().with_company(company) for company in every]
