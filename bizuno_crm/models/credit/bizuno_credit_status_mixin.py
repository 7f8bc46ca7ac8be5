from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...logic import credit
from ..base.bizuno_guard import readers_only
from ..base.counted import search_read_counted
from .bizuno_credit_approval_mixin import READERS


class BizunoCreditStatusMixin(models.AbstractModel):
    """The credit status of documents, for whoever looks at them. That of a page, with its message,
    by `logic.credit`; of many at once, for filters and lists, by the same rule in SQL. A test
    compares it with the judgement of each."""

    _name = "bizuno.credit.status.mixin"
    _description = "Credit Status of Documents"

    # What the status and the message follow from.
    _credit_judged_by = ()

    credit_status = fields.Selection(
        selection=list(credit.STATUSES.items()),
        compute="_compute_credit_status",
        search="_search_credit_status",
        groups=READERS,
        help="The customer's account, with this document: locked, credit hold, over the limit, "
        "past due or OK.",
    )
    credit_message = fields.Char(
        string="Credit Status in Words", compute="_compute_credit_message", groups=READERS
    )
    is_credit_approval_needed = fields.Boolean(compute="_compute_credit_message", groups=READERS)

    @api.depends(lambda self: self._credit_judged_by)
    @api.depends_context("uid")
    def _compute_credit_status(self):
        """As the system, because the figures are not for everyone. A list asks for the status
        alone, which one statement tells of all; a form for the message as well."""
        if len(self) == 1:
            self._set_credit_judgement()
            return
        self.credit_status = False
        visible = self.filtered_domain(self._get_credit_domain())._filter_credit_visible()
        unsaved = visible.filtered(lambda record: not isinstance(record.id, int))
        if unsaved:
            unsaved._set_credit_judgement()
        for company, documents in (visible - unsaved).grouped("company_id").items():
            statuses = documents._select_credit_statuses(company) if company else {}
            for document in documents:
                document.credit_status = statuses.get(document.id) or False

    @api.depends(lambda self: self._credit_judged_by)
    @api.depends_context("uid", "lang", "credit_without_figures")
    def _compute_credit_message(self):
        """As the system; the message names only figures that Odoo shows this user elsewhere."""
        self._set_credit_judgement()

    def _set_credit_judgement(self):
        """Set status, message and whether an approval is needed: one look at the accounts."""
        names = ("credit_status", "credit_message", "is_credit_approval_needed")
        # Protected: remembered as computed, not written as by somebody who changes the document.
        with self.env.protecting([self._fields[name] for name in names], self):
            self._judge_credit_of_page()

    def _judge_credit_of_page(self):
        documents = self.filtered_domain(self._get_credit_domain())
        rest = self - documents
        rest.credit_status = False
        rest.credit_message = False
        rest.is_credit_approval_needed = False
        for company, group in documents.grouped(lambda record: record.company_id._origin).items():
            visible = group._filter_credit_visible()
            hidden = group - visible
            hidden.credit_status = False
            hidden.credit_message = False
            hidden.is_credit_approval_needed = False
            positions = visible._get_credit_customers()._get_credit_positions(company)
            if company:
                partners = self.env["res.partner"].sudo(False)
                positions = partners._add_credit_branches(positions, company)
            policy = company._get_credit_policy() if company else credit.Policy()
            asking = {}
            for document in visible:
                position = document._get_credit_position(positions)
                amount = document._get_credit_amount(company)
                reasons = position.reasons(amount)
                document.credit_status = reasons[0] if reasons else credit.OK
                document.credit_message = document._get_credit_message(position, amount)
                document.is_credit_approval_needed = False
                if policy.of_all(reasons) == credit.APPROVAL and document._is_credit_pending():
                    asking[document] = reasons
            asked = self.browse().concat(*asking)
            allowances = asked._get_credit_allowances()
            for document in asked:
                facts = credit.Document(
                    allowances=allowances[document],
                    is_delivered=document._is_credit_delivered(),
                )
                answer = policy.answer(asking[document], facts)
                document.is_credit_approval_needed = answer == credit.APPROVAL

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
        return search_read_counted(self, domain, specification, offset, limit, order, count_limit)

    @api.model
    @readers_only("credit_status")
    def _search_credit_status(self, operator, value):
        """The rule of `logic.credit` in SQL: pending documents have the status of their customer
        with what they add, others that of the customer."""
        if operator != "in":
            return NotImplemented
        statuses = [status for status in value if status]
        domain = ~self._get_credit_domain() if False in value else Domain.FALSE
        for company in self.env.companies if statuses else ():
            domain |= self._get_credit_status_domain(statuses, company)
        return domain

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
