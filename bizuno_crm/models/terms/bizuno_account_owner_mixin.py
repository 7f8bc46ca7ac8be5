from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import AccessError, UserError

from ... import messages
from ...logic.credit import OVER_LIMIT, strictness_of
from .bizuno_account_merge_mixin import EXEMPTION, SINGLE, TERMS
from .bizuno_account_rights_mixin import EDITORS

# What decides whose account a contact has.
_PARENTHOOD = ("parent_id", "is_company")


class BizunoAccountOwnerMixin(models.AbstractModel):
    """Whose account a contact has: what was decided about an account stays with the account,
    whichever way a contact comes into it or leaves it: put below a company, taken out, made a
    company or a person, merged, converted, or moved to another company of ours.

    - Who comes in has the account's terms from then on. What was decided about the contact before
      goes to the account as far as nothing was decided there; who may not change accounts can
      move nobody about whom something was decided.
    - Who leaves begins as a new customer, unless it is done by one who may change accounts. From
      an account on hold or locked nobody else takes anybody.
    - What contacts owe and have ordered comes and goes with them. Who may not change accounts
      brings no account over its limit by it.
    """

    _name = "bizuno.account.owner.mixin"
    _description = "Contact of an Account"

    def _create_contact_parent_company(self):
        # The company is made for this one's account.
        company = super()._create_contact_parent_company()
        if company and self.commercial_partner_id == self:
            self.check_access("write")
            self.sudo()._hand_account_over(company.sudo())
        return company

    @api.model
    def _check_account_owner(self, vals_list):
        """Odoo stores whose account a contact belongs to, and lets it be written by remote call."""
        if any("commercial_partner_id" in vals for vals in vals_list) and not self.env.su:
            raise AccessError(messages.account_owner_computed(self.env, self[:1].display_name))

    @api.model
    def _keeps_account_decisions(self):
        """Whether what this user does to contacts may take decisions about accounts along."""
        return self.env.uid == SUPERUSER_ID or self._may_edit_accounts()

    def _change_parenthood(self, vals, write):
        """Write, and let the accounts of those who change theirs follow.

        :param write: does it
        """
        if all(name not in vals for name in _PARENTHOOD):
            return write(vals)
        contacts = self.sudo()
        before = {partner: partner.commercial_partner_id for partner in contacts}
        after = {partner: partner._get_account_after(vals, contacts) for partner in contacts}
        moved = contacts.filtered(lambda partner: before[partner] != after[partner])
        if not moved:
            return write(vals)
        joining = {partner: after[partner] for partner in moved if before[partner] == partner}
        leaving = {partner: before[partner] for partner in moved if after[partner] == partner}
        if not (self.env.su or self._keeps_account_decisions()):
            self._check_accounts_joined(joining)
            self._check_accounts_left(leaving)
        accounts = {partner: partner._get_account() for partner in joining}
        family = moved.with_context(active_test=False).search([("id", "child_of", moved.ids)])

        def move():
            # Odoo gives a company the price sheet of a contact put below it, if it has none.
            for contact in moved - self.browse(partner.id for partner in leaving):
                contact._copy_account(after[contact])
            result = write(vals)
            for contact, account in joining.items():
                account._take_account(accounts[contact])
            if not self._keeps_account_decisions():
                for contact, account in leaving.items():
                    contact._begin_account(account.display_name)
            family._copy_account()
            return result

        return self._keep_within_limits(move, moved.concat(*before.values(), *after.values()))

    def _leave_deleted_accounts(self, unlink):
        """Delete these contacts, and let those who had their account have their own.

        :param unlink: does it
        """
        members = self.sudo().with_context(active_test=False)
        members = members.search([
            ("commercial_partner_id", "in", self.ids), ("id", "not in", self.ids),
        ])  # fmt: skip
        if not members:
            return unlink()
        leaving = {
            member: member.commercial_partner_id for member in members if member.parent_id in self
        }
        names = {account: account.display_name for account in leaving.values()}
        if not self._keeps_account_decisions():
            self._check_accounts_left(leaving)

        def leave():
            result = unlink()
            left = members.exists()
            self.env.add_to_compute(left._fields["commercial_partner_id"], left)
            for contact, account in leaving.items():
                if contact in left and not self._keeps_account_decisions():
                    contact._begin_account(names[account])
            left._copy_account()
            return result

        return self._keep_within_limits(leave, members + self)

    @api.model
    def _keep_within_limits(self, change, partners):
        """Move what contacts owe and have ordered to other accounts. Nothing more is lent by it,
        but no account may be further over its limit than one of them was before, unless somebody
        does it who might raise the limit.

        :param change: does it
        :param partners: all whose accounts it concerns, before and after
        :return: what `change` returns
        :raise UserError: naming the account
        """
        companies = self.env["res.company"].sudo()
        if companies._is_credit_controlled() and not self._keeps_account_decisions():
            # Branches share policy and limit of their root.
            companies = companies.search([("parent_id", "=", False)]).filtered(
                lambda record: record._get_credit_policy().of(OVER_LIMIT) != "warn"
            )
        if not companies:
            return change()
        before = {
            company: max(
                (
                    account.excess()
                    for account in partners._get_credit_positions(company).values()
                    if account.limit
                ),
                default=0.0,
            )
            for company in companies
        }
        # Whoever catches the refusal must not find it done.
        with self.env.cr.savepoint():
            result = change()
            self.env.invalidate_all()
            accounts = partners.exists().sudo().commercial_partner_id
            for company in companies:
                for account_id, account in accounts._get_credit_positions(
                    company, accounts
                ).items():
                    if account.limit and account.excess() > max(before[company], 0.0):
                        name = self.browse(account_id).sudo().display_name
                        raise UserError(messages.account_limit_exceeded(self.env, name, EDITORS))
        return result

    def _get_account_after(self, vals, written):
        """Whose account it is once these values are written on all of `written`."""
        self.ensure_one()
        mine = vals if self in written else {}
        parent = self.browse(mine["parent_id"]) if "parent_id" in mine else self.parent_id
        if not parent or mine.get("is_company", self.is_company):
            return self
        if parent in written and parent != self:
            return parent._get_account_after(vals, written - self)
        return parent.commercial_partner_id

    def _check_accounts_joined(self, joining):
        for contact, account in joining.items():
            if names := contact._get_account_decisions(account):
                raise AccessError(
                    messages.account_move_refused(
                        self.env,
                        contact.display_name,
                        account.display_name,
                        self._get_account_labels(names),
                        EDITORS,
                    )
                )

    def _check_accounts_left(self, leaving):
        for contact, account in leaving.items():
            own, left = contact.account_restriction, account.account_restriction
            if strictness_of(left) < strictness_of(own):
                labels = dict(self._fields["account_restriction"]._description_selection(self.env))
                raise AccessError(
                    messages.account_leave_refused(
                        self.env, contact.display_name, account.display_name, labels[left], EDITORS
                    )
                )

    def _begin_account(self, left):
        """The account of a new customer, for who has left a company's.

        :param str left: the company's name
        """
        self.ensure_one()
        nothing = dict.fromkeys((*EXEMPTION, *TERMS, *SINGLE), False)
        for contact in self._in_every_company():
            usable = contact._may_be_used_in(contact.env.company)
            defaults = contact._get_contact_defaults() if usable else {}
            contact.write({**nothing, **defaults})
        self._message_log(body=messages.account_left(self.env, left))

    def _seed_opened_companies(self, before):
        """The defaults of a new customer in the companies that may use a contact from now on, if
        nothing was decided there: without a limit it would be one without end.

        :param dict before: {contact: the company it belonged to}
        """
        for contacts in self._in_every_company():
            company = contacts.env.company
            new = contacts.filtered(
                lambda contact, company=company: (
                    before[contact]
                    and before[contact] not in company._get_companies_of_contacts()
                    and contact._may_be_used_in(company)
                    and contact.commercial_partner_id == contact
                    and (contact.role_customer or contact.role_lead)
                    and not any(contact[name] for name in TERMS)
                )
            )
            if new:
                new.write(new._get_contact_defaults())
