from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...logic import credit


class BizunoCreditStatusMixin(models.AbstractModel):
    """The credit status of many documents at once, for filters and lists: the rule of
    `logic.credit` in SQL. A test compares it with the judgement of each."""

    _name = "bizuno.credit.status.mixin"
    _description = "Credit Status of Documents"

    @api.model
    def _search_credit_status(self, operator, value):
        """The rule of `logic.credit` in SQL, in one statement for each company: pending documents
        have the status of their customer with what they add, others that of the customer."""
        if operator != "in":
            return NotImplemented
        statuses = [status for status in value if status]
        found = ~self._get_credit_domain() if False in value else Domain.FALSE
        for company in self.env.companies if statuses else ():
            found |= self._get_credit_status_domain(statuses, company)
        return found

    @api.model
    def _get_credit_status_domain(self, statuses, company):
        """The documents of a company with one of these statuses. Only those whose amount is no
        column are judged one by one."""
        found = self._get_credit_status_sql(company)
        domain = Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%s IN (SELECT id FROM (%s) judged WHERE status IN %s)",
                SQL.identifier(alias, "id"),
                found,
                tuple(statuses),
            )
        )
        if self.env.user.has_group("bizuno_crm.group_own_contacts_only") and not self.env.su:
            visible = self.env["res.partner"].with_context(active_test=False)._search([])
            domain &= Domain(self._credit_customer_path, "in", visible)
            domain &= Domain("partner_id", "in", visible)
        if rest := self._get_credit_pending_rest_domain(company):
            judged = self.search(rest).filtered(lambda one: one.credit_status in statuses)
            domain = (domain & ~rest) | Domain("id", "in", judged.ids)
        return self._get_credit_domain() & domain

    @api.model
    def _get_credit_status_sql(self, company, ids=None, partner_ids=None):
        """The rule of `logic.credit` in SQL, a query: id, status.

        :param ids: of the documents; None for all of the company
        :param partner_ids: of the commercial partners who owe for them or order; None for all
        """
        self.flush_model()
        partners = self.env["res.partner"].sudo().with_company(company)
        partners.flush_model(["account_restriction", "commercial_partner_id", "credit_limit"])
        chosen = documents = SQL("TRUE")
        if ids is not None:
            documents = SQL("document.id = ANY(%s)", ids)
            chosen = SQL("customer.id = ANY(%s)", partner_ids)
        return SQL(
            """
            WITH account AS MATERIALIZED (
                SELECT customer.id, customer.account_restriction AS restriction,
                       (NULLIF(%(limit)s, 0) - COALESCE(owed.open, 0))::numeric AS room,
                       ROUND((owed.past_due - owed.unapplied)::numeric, %(digits)s) > 0 AS is_late
                  FROM res_partner customer
                  LEFT JOIN (%(owed)s) owed ON owed.partner_id = customer.id
                 WHERE %(chosen)s
            ), contact AS MATERIALIZED (
                SELECT person.id, account.restriction, account.room,
                       CASE
                       WHEN ROUND(account.room, %(digits)s) < 0 THEN %(over_limit)s
                       WHEN account.is_late THEN %(past_due)s
                       ELSE %(ok)s
                       END AS status
                  FROM res_partner person
                  JOIN account ON account.id = person.commercial_partner_id
            )
            SELECT document.id,
                   CASE
                   WHEN %(locked)s IN (payer.restriction, buyer.restriction) THEN %(locked)s
                   WHEN %(hold)s IN (payer.restriction, buyer.restriction) THEN %(hold)s
                   WHEN document.amount > 0 AND ROUND(document.amount - payer.room, %(digits)s) > 0
                   THEN %(over_limit)s
                   ELSE payer.status
                   END AS status
              FROM (%(all_documents)s) document
              JOIN contact payer ON payer.id = document.payer_id
              JOIN contact buyer ON buyer.id = document.buyer_id
             WHERE %(documents)s
            """,
            all_documents=self._get_credit_documents_sql(company),
            owed=partners._get_credit_owed_sql(company, partner_ids),
            limit=partners._get_limit_to_come_sql("customer", partners._search([])),
            chosen=chosen,
            documents=documents,
            # In whole millionths, like in `logic.credit`.
            digits=6,
            locked=credit.LOCKED,
            hold=credit.HOLD,
            over_limit=credit.OVER_LIMIT,
            past_due=credit.PAST_DUE,
            ok=credit.OK,
        )

    def _select_credit_statuses(self, company):
        """:return: {id: status} of saved documents of that company"""
        contacts = self.sudo()[self._credit_customer_path] | self.sudo().partner_id
        query = self._get_credit_status_sql(company, self.ids, contacts.commercial_partner_id.ids)
        return dict(self.env.execute_query(query))

    @api.model
    def _get_credit_documents_sql(self, company):
        """A query: id, payer_id, buyer_id (contacts) and amount (what it adds once it is confirmed
        or posted, in the currency of the company; 0 if it is) of its documents."""
        raise NotImplementedError

    def _filter_credit_judged_alone(self):
        """Those saved ones whose status is not that of the query: they are judged alone."""
        return self.browse()

    @api.model
    def _get_credit_pending_rest_domain(self, company):
        """:return: pending ones whose amount is not that of the query; None if there are none"""
        return None
