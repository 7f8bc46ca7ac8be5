from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...logic import credit
from ..base.bizuno_guard import readers_only


class BizunoCreditStatusMixin(models.AbstractModel):
    """The credit status of many documents at once, for filters and lists: the rule of
    `logic.credit` in SQL. A test compares it with the judgement of each."""

    _name = "bizuno.credit.status.mixin"
    _description = "Credit Status of Documents"

    @api.model
    @api.readonly
    def web_search_read(
        self, domain, specification, offset=0, limit=None, order=None, count_limit=None
    ):
        """Where it is filtered by the status, what all customers owe is summed up once, for the
        rows of the page and their number together."""
        domain = Domain(domain)
        names = {condition.field_expr for condition in domain.iter_conditions()}
        if "credit_status" not in names:
            return super().web_search_read(domain, specification, offset, limit, order, count_limit)
        query = self._search(domain, offset=offset, limit=limit, order=order or self._order)
        columns = (SQL.identifier(self._table, "id"), SQL("COUNT(*) OVER ()"))
        rows = [] if query.is_empty() else self.env.execute_query(query.select(*columns))
        count = rows[0][1] if rows else 0
        return {
            "length": min(count, count_limit) if count_limit else count,
            "records": self.browse(row[0] for row in rows).web_read(specification),
        }

    @api.model
    @readers_only("credit_status")
    def _search_credit_status(self, operator, value):
        """The rule of `logic.credit` in SQL: pending documents have the status of their customer
        with what they add, others that of the customer."""
        if operator != "in":
            return NotImplemented
        statuses = [status for status in value if status]
        found = ~self._get_credit_domain() if False in value else Domain.FALSE
        for company in self.env.companies if statuses else ():
            found |= self._get_credit_status_domain(statuses, company)
        return found

    @api.model
    def _get_credit_status_domain(self, statuses, company):
        """The documents of a company with one of these statuses."""
        self._flush_credit_sources()
        domain = Domain("company_id", "=", company.id) & Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%s IN %s",
                self._join_credit_status(company, alias, query, wanted=statuses),
                tuple(statuses),
            )
        )
        if self.env.user.has_group("bizuno_crm.group_own_contacts_only") and not self.env.su:
            visible = self.env["res.partner"].with_context(active_test=False)._search([])
            domain &= Domain(self._credit_customer_path, "in", visible)
            domain &= Domain("partner_id", "in", visible)
        return self._get_credit_domain() & domain

    def _select_credit_statuses(self, company):
        """:return: {id: status} of saved documents of that company"""
        self._flush_credit_sources()
        table, query = self._table, self.sudo()._as_query(ordered=False)
        contacts = self.sudo()[self._credit_customer_path] | self.sudo().partner_id
        # Reading it would read all there is of the contacts.
        contacts.fetch(["commercial_partner_id"])
        status = self._join_credit_status(company, table, query, self, contacts)
        return dict(self.env.execute_query(query.select(SQL.identifier(table, "id"), status)))

    @api.model
    def _flush_credit_sources(self):
        self.flush_model()
        self.env["res.partner"].flush_model([
            "account_restriction", "commercial_partner_id", "credit_limit",
        ])  # fmt: skip

    @api.model
    def _join_credit_status(
        self, company, alias, query, documents=None, contacts=None, wanted=None
    ):
        """Join to a query of documents what their status follows from. What customers owe is summed
        once, whichever of them have documents and how many.

        :param alias: of the documents of that company in the query
        :param documents: only these are in the query; None for any
        :param contacts: who owe for them or order, then
        :param wanted: nobody asks for other statuses than these; None: for any
        :return: the status, an SQL expression
        """
        payer_id, buyer_id, amount = self._join_credit_documents(company, alias, query, documents)
        payer = query.make_alias(alias, f"credit_payer_{company.id}")
        buyer = query.make_alias(alias, f"credit_buyer_{company.id}")
        chosen = None if contacts is None else contacts.commercial_partner_id.ids
        for joined, table, contact_id in (
            (payer, self._get_credit_positions_sql(company, chosen, wanted), payer_id),
            (buyer, self._get_credit_restrictions_sql(chosen), buyer_id),
        ):
            condition = SQL("%s = %s", SQL.identifier(joined, "id"), contact_id)
            query.add_join("LEFT JOIN", joined, SQL("(%s)", table), condition)
        return SQL(
            """
            CASE
            WHEN %(locked)s IN (%(payer)s.restriction, %(buyer)s.restriction) THEN %(locked)s
            WHEN %(hold)s IN (%(payer)s.restriction, %(buyer)s.restriction) THEN %(hold)s
            WHEN %(amount)s > 0 AND ROUND(%(amount)s - %(payer)s.room, %(digits)s) > 0
            THEN %(over_limit)s
            ELSE %(payer)s.status
            END
            """,
            payer=SQL.identifier(payer),
            buyer=SQL.identifier(buyer),
            amount=amount,
            digits=credit.DIGITS,
            locked=credit.LOCKED,
            hold=credit.HOLD,
            over_limit=credit.OVER_LIMIT,
        )

    @api.model
    def _get_credit_positions_sql(self, company, partner_ids, wanted=None):
        """A query: id (of a contact), restriction, room (what is left of the limit, NULL without
        one) and status, but for lock and hold, of its account.

        :param partner_ids: of commercial partners; None for all
        :param wanted: leave out accounts with which no document has one of these statuses
        """
        partners = self.env["res.partner"].sudo().with_company(company)
        needed = {
            credit.OVER_LIMIT: SQL("room IS NOT NULL"),
            credit.PAST_DUE: SQL("is_late"),
            credit.LOCKED: SQL("restriction IS NOT NULL"),
            credit.HOLD: SQL("restriction IS NOT NULL"),
        }
        needed = [needed.get(status, SQL("TRUE")) for status in wanted or (credit.OK,)]
        return SQL(
            """
            WITH account AS MATERIALIZED (
                SELECT customer.id, customer.account_restriction AS restriction,
                       (NULLIF(%(limit)s, 0) - COALESCE(owed.open, 0))::numeric AS room,
                       ROUND((owed.past_due - owed.unapplied)::numeric, %(digits)s) > 0 AS is_late
                  FROM res_partner customer
                  LEFT JOIN (%(owed)s) owed ON owed.partner_id = customer.id
                 WHERE %(chosen)s
            )
            SELECT person.id, account.restriction, account.room,
                   CASE
                   WHEN ROUND(account.room, %(digits)s) < 0 THEN %(over_limit)s
                   WHEN account.is_late THEN %(past_due)s
                   ELSE %(ok)s
                   END AS status
              FROM res_partner person
              JOIN account ON account.id = person.commercial_partner_id
             WHERE %(needed)s
            """,
            needed=SQL(" OR ").join(needed),
            owed=partners._get_credit_owed_sql(company, partner_ids),
            limit=partners._get_limit_to_come_sql("customer", partners._search([])),
            chosen=self._get_chosen_sql(partner_ids),
            digits=credit.DIGITS,
            over_limit=credit.OVER_LIMIT,
            past_due=credit.PAST_DUE,
            ok=credit.OK,
        )

    @api.model
    def _get_credit_restrictions_sql(self, partner_ids):
        """A query: id (of a contact), restriction of its account, of those that have one.

        :param partner_ids: of commercial partners; None for all
        """
        return SQL(
            """
            SELECT person.id, customer.account_restriction AS restriction
              FROM res_partner person
              JOIN res_partner customer ON customer.id = person.commercial_partner_id
             WHERE customer.account_restriction IS NOT NULL AND %s
            """,
            self._get_chosen_sql(partner_ids),
        )

    @api.model
    def _get_chosen_sql(self, partner_ids):
        return SQL("TRUE") if partner_ids is None else SQL("customer.id = ANY(%s)", partner_ids)

    @api.model
    def _join_credit_documents(self, company, alias, query, documents):
        """Join to a query of documents what tells who owes for them and how much they add.

        :param alias: of the documents of that company in the query
        :param documents: only these are in the query; None for any
        :return: SQL expressions: the ids of the contacts who owe and who order, and what a document
            adds once it is confirmed or posted, in the currency of the company; 0 or NULL if it is
        """
        raise NotImplementedError
