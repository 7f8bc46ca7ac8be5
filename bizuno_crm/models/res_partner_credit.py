from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .. import messages
from ..logic import credit
from ..reports import credit_exposure
from .res_partner_terms import ACCOUNT_READERS

# A customer's limit in SQL is compared in whole millionths, like in `logic.credit`.
_DIGITS = 6


class ResPartner(models.Model):
    """The credit status of a customer: in the current company, of the commercial entity."""

    _inherit = "res.partner"

    credit_status = fields.Selection(
        selection=list(credit.STATUSES.items()),
        compute="_compute_credit_status",
        search="_search_credit_status",
        help="The first that applies: locked, credit hold, over the limit, past due, OK.",
    )
    credit_message = fields.Char(string="Credit Status in Words", compute="_compute_credit_status")

    @api.depends("account_restriction", "account_status_reason", "commercial_partner_id")
    @api.depends_context("company", "uid", "lang", "credit_without_figures")
    def _compute_credit_status(self):
        """As the system, because the figures are not for everyone; the message names only those
        that Odoo shows this user elsewhere."""
        company = self.env.company
        accounts = self._get_credit_accounts(company)
        for partner in self:
            customer = partner.commercial_partner_id
            account = accounts.get(customer._origin.id, credit.Account())
            partner.credit_status = account.status()
            partner.credit_message = messages.credit_status(
                self.env, customer.sudo(), company, account
            )

    @api.model
    def _sees_credit_figures(self):
        """Whether messages for this user name open amount and limit. What is posted where others
        read it, too, names none: a context key can hide them, and never show them."""
        return not self.env.context.get("credit_without_figures") and self.env.user.has_groups(
            ACCOUNT_READERS
        )

    def _get_credit_accounts(self, company):
        """The accounts of these contacts' commercial entities, in a constant number of queries.

        No rights are checked: for decisions, and for messages that leave out what is secret.

        :return: {commercial partner's id: `logic.credit.Account`}
        """
        customers = self.sudo().commercial_partner_id._origin.with_company(company)
        if not customers:
            return {}
        company = company.sudo()
        receivable = self.env["bizuno.aged.receivable"]._get_open_receivable(company, customers.ids)
        ordered = {}
        if company.credit_scope == "invoices_and_orders":
            tree = self.env["bizuno.aged.receivable"]._get_company_tree(company)
            query = credit_exposure.open_orders_sql(self.env, tree, customers.ids)
            ordered = dict(self.env.execute_query(query))
        round_ = company.currency_id.round
        accounts = {}
        for customer in customers:
            total, past_due, unapplied = (
                float(amount or 0) for amount in receivable.get(customer.id, (0, 0, 0))
            )
            accounts[customer.id] = credit.Account(
                limit=customer.credit_limit,
                open=round_(total - unapplied + float(ordered.get(customer.id) or 0)),
                # Money that has come in and is not matched yet is not overdue.
                past_due=round_(past_due - unapplied),
                account_status=customer.account_restriction or "active",
            )
        return accounts

    @api.model
    def _search_credit_status(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._get_credit_status_domain(value, self.env.company)

    @api.model
    def _get_credit_status_domain(self, statuses, company):
        """The contacts whose account has one of these statuses: the rule of `logic.credit` for all
        customers, in SQL."""
        state = "commercial_partner_id.account_restriction"
        is_free = Domain(state, "=", False)
        is_over, is_late = self._get_credit_subqueries(company)
        domain_of = {
            credit.LOCKED: Domain(state, "=", credit.LOCKED),
            credit.HOLD: Domain(state, "=", credit.HOLD),
            credit.OVER_LIMIT: is_free & is_over,
            credit.PAST_DUE: is_free & ~is_over & is_late,
            credit.OK: is_free & ~is_over & ~is_late,
        }
        return Domain.OR(domain_of[status] for status in statuses if status in domain_of)

    @api.model
    def _get_credit_subqueries(self, company):
        """:return: domains: over the limit; past due"""
        company = company.sudo()
        receivable = self.env["bizuno.aged.receivable"]
        receivable._flush_sources()
        self.flush_model(["commercial_partner_id", "credit_limit"])
        owed = receivable._get_open_receivable_sql(company)
        if company.credit_scope == "invoices_and_orders":
            tree = receivable._get_company_tree(company)
            owed = SQL(
                "%s UNION ALL SELECT partner_id, amount, 0, 0 FROM (%s) ordered",
                owed,
                credit_exposure.open_orders_sql(self.env, tree),
            )
        customers = self.sudo().with_company(company)
        query = customers._search([], bypass_access=True, active_test=False)
        limit = customers._field_to_sql(query.table, "credit_limit", query)

        def customers_where(condition):
            found = SQL(
                """
                SELECT %(id)s FROM res_partner
                  JOIN (
                        SELECT partner_id,
                               COALESCE(SUM(total), 0) - COALESCE(SUM(unapplied), 0) AS open,
                               COALESCE(SUM(past_due), 0) - COALESCE(SUM(unapplied), 0) AS past_due
                          FROM (%(owed)s) one
                         GROUP BY partner_id
                       ) account ON account.partner_id = %(id)s
                 WHERE %(condition)s
                """,
                id=SQL.identifier(query.table, "id"),
                owed=owed,
                condition=condition,
            )
            return Domain.custom(
                to_sql=lambda model, alias, query: SQL(
                    "%s IN (%s)", model._field_to_sql(alias, "commercial_partner_id", query), found
                )
            )

        return (
            customers_where(
                SQL(
                    "%(limit)s <> 0 AND ROUND((account.open - %(limit)s)::numeric, %(digits)s) > 0",
                    limit=limit,
                    digits=_DIGITS,
                )
            ),
            customers_where(SQL("ROUND(account.past_due::numeric, %s) > 0", _DIGITS)),
        )
