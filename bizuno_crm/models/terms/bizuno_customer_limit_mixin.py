from odoo import api, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ... import messages
from ...logic import terms
from ..base.bizuno_guard import check_numbers

_GROUP = "bizuno_crm.group_manager"
# What is asked of a customer when a document is confirmed or posted.
_SOLD_TO = (
    "commercial_partner_id", "company_id", "customer_rank", "role_lead", "bizuno_terms_written",
    "credit_limit", "account_restriction",
)  # fmt: skip


class BizunoCustomerLimitMixin(models.AbstractModel):
    """Which credit limit a customer has: its own, the one to come, or none because nobody has
    decided about one yet."""

    _name = "bizuno.customer.limit.mixin"
    _description = "Customer with a Credit Limit"

    def _check_credit_limit_given(self, vals):
        """
        :raise ValidationError: for a limit that is no number, below zero, or larger than any code
            of terms, whoever writes it: form, import, remote call, dialog of the terms
        """
        if "credit_limit" in vals:
            check_numbers(self, {"credit_limit": vals["credit_limit"]})
            limit = self._normalize_account_value("credit_limit", vals["credit_limit"])
            if limit < 0:
                raise ValidationError(messages.credit_limit_negative(self.env, self))
            if limit >= terms.MOST_LIMIT:
                raise ValidationError(
                    messages.credit_limit_too_large(self.env, self, terms.MOST_LIMIT)
                )

    def _lacks_contact_defaults(self, company):
        """Whether this account is given terms and limit once it is sold to. Accounts from before
        the installation have what they have; in a company that was made after it, nobody has
        decided anything before."""
        self.ensure_one()
        account = self.sudo().with_company(company)
        if account.bizuno_terms_written or not account._may_be_used_in(company):
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
                self.sudo()
                .with_company(sharing_company)
                ._field_to_sql(alias, "bizuno_terms_written", query),
            )
            for sharing_company in company | root
        ]
        decided.append(
            SQL(
                "COALESCE(%s <> ALL(%s), FALSE)",
                self._field_to_sql(alias, "company_id", query),
                company._get_companies_of_contacts().ids,
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
        accounts = self._get_accounts_sold_to(company)
        accounts.filtered(
            lambda account: account._lacks_contact_defaults(company)
        )._give_contact_defaults({})

    def _become_customers(self, company):
        """Make customers of these contacts, to whom an order of the company is confirmed."""
        accounts = self._get_accounts_sold_to(company)
        # A rank above 0 is the role, and gives the defaults.
        accounts.filtered(lambda account: account.customer_rank <= 0).customer_rank = 1
        accounts._give_defaults_once_sold_to(company)

    def _get_accounts_sold_to(self, company):
        """:return: the accounts of these contacts, as the system, with what is asked of them before
        a document is confirmed or posted: one query, where reading a field would take two for
        everything"""
        contacts = self.sudo().with_company(company)
        contacts.fetch(_SOLD_TO)
        return contacts.commercial_partner_id

    @api.model
    def _get_missing_limit_domain(self):
        """:return: the customers about whose limit in the user's company nobody has decided"""
        company = self.env.company
        return (
            Domain("customer_rank", ">", 0)
            & self._get_own_account_domain()
            & Domain("company_id", "in", [False, *company._get_companies_of_contacts().ids])
            & Domain("credit_limit", "=", 0)
            & Domain("bizuno_terms_written", "=", False)
        )

    def action_give_default_limit(self):
        """Give the customers that have no limit in the user's company that of new customers. Their
        payment terms stay as they are.

        :return: an action that tells how many got it
        :raise AccessError: for who is no Bizuno Manager
        """
        if not self.env.user.has_group(_GROUP):
            raise AccessError(messages.default_limit_refused(self.env))
        self.check_access("write")
        customers = self.filtered_domain(self._get_missing_limit_domain())
        company = self.env.company._get_credit_root().sudo()
        limit = float(terms.parse(company.contact_default_terms).credit_limit)
        if limit:
            customers.write({"credit_limit": limit})
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if customers and limit else "warning",
                "message": messages.default_limit_given(
                    self.env, len(customers) if limit else 0, limit, company.currency_id
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
