import logging
from contextlib import nullcontext
from dataclasses import replace

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import MissingError, UserError
from odoo.fields import Domain
from odoo.modules.registry import Registry
from odoo.tools import SQL, plaintext2html

from ... import messages
from ...logic import credit
from ...logic.credit_watch import Watch

_logger = logging.getLogger(__name__)

_REQUEST = "bizuno_crm.mail_activity_type_credit_approval"
# Where the watch of a transaction is kept: with its cursor, out of reach of any context.
_WATCH = "bizuno_crm.credit_watch"
# Not the customer, who may read the own orders and invoices.
_READERS = "base.group_user"


class BizunoCreditMixin(models.AbstractModel):
    """A document that lends to a customer: quotation, order or invoice.

    The models say which documents lend, to whom and how much; this one judges them.
    """

    _name = "bizuno.credit.mixin"
    _description = "Document under Credit Control"

    # The documents' own; it is here because an amount needs one.
    currency_id = fields.Many2one("res.currency")
    credit_status = fields.Selection(
        selection=list(credit.STATUSES.items()),
        compute="_compute_credit_status",
        search="_search_credit_status",
        groups=_READERS,
        help="The customer's account, with this document: locked, credit hold, over the limit, "
        "past due or OK.",
    )
    credit_message = fields.Char(
        string="Credit Status in Words", compute="_compute_credit_message", groups=_READERS
    )
    is_credit_approval_needed = fields.Boolean(compute="_compute_credit_message", groups=_READERS)
    can_approve_credit = fields.Boolean(compute="_compute_can_approve_credit")
    is_credit_approval_requested = fields.Boolean(
        compute="_compute_credit_approval_requested", groups=_READERS
    )
    credit_approved_by_id = fields.Many2one(
        "res.users",
        string="Credit Approved by",
        compute="_compute_credit_approval",
        groups=_READERS,
    )
    credit_approval_reason = fields.Char(
        string="Reason of Approval", compute="_compute_credit_approval", groups=_READERS
    )
    credit_approved_amount = fields.Monetary(
        string="Approved up to",
        compute="_compute_credit_approval",
        groups=_READERS,
        help="In the currency of the document. A larger amount needs another approval.",
    )

    # Each model declares what its amounts depend on.
    @api.depends_context("uid")
    def _compute_credit_status(self):
        """As the system, because the figures are not for everyone. A list asks for the status
        alone, which one statement tells of all; a form for the message as well."""
        if len(self) == 1:
            self._set_credit_judgement()
            return
        self.credit_status = False
        visible = self._filter_credit_visible()
        unsaved = visible.filtered(lambda one: not isinstance(one.id, int))
        alone = unsaved | visible._filter_credit_judged_alone()
        if alone:
            alone._set_credit_judgement()
        for company, documents in (visible - alone).grouped("company_id").items():
            found = documents._select_credit_statuses(company) if company else {}
            for document in documents:
                document.credit_status = found.get(document.id, False)

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
        documents = self.filtered(lambda one: one._has_credit_status())
        rest = self - documents
        rest.credit_status = False
        rest.credit_message = False
        rest.is_credit_approval_needed = False
        for company, group in documents.grouped(lambda one: one.company_id._origin).items():
            visible = group._filter_credit_visible()
            hidden = group - visible
            hidden.credit_status = False
            hidden.credit_message = False
            hidden.is_credit_approval_needed = False
            customers = visible._get_credit_customers()
            accounts = customers._get_credit_accounts(company)
            if company:
                accounts = customers.sudo(False)._add_credit_branches(accounts, company)
            policy = company._get_credit_policy() if company else credit.Policy()
            for document in visible:
                account = document._get_credit_account(accounts)
                amount = document._get_credit_amount(company)
                reasons = account.reasons(amount)
                document.credit_status = reasons[0] if reasons else credit.OK
                document.credit_message = document._get_credit_message(account, amount)
                document.is_credit_approval_needed = (
                    policy.of_all(reasons) == "approval"
                    and document._is_credit_pending()
                    and not document._is_credit_approved()
                    and not document._is_credit_delivered()
                )

    @api.depends_context("uid")
    def _compute_can_approve_credit(self):
        self.can_approve_credit = self.env.user.has_group("bizuno_crm.group_credit_approver")

    @api.depends("activity_ids")
    def _compute_credit_approval_requested(self):
        requested = (
            self.env["mail.activity"]
            .sudo()
            ._read_group(
                [
                    ("res_model", "=", self._name),
                    ("res_id", "in", self._origin.ids),
                    ("activity_type_id", "=", self.env.ref(_REQUEST).id),
                ],
                aggregates=["res_id:array_agg"],
            )[0][0]
        )
        for document in self:
            document.is_credit_approval_requested = document._origin.id in (requested or ())

    @api.depends("state")
    def _compute_credit_approval(self):
        latest = self.env["bizuno.credit.approval"]._get_latest(self)
        for document in self:
            approval = latest.get(document._origin.id)
            document.credit_approved_by_id = approval and approval.user_id
            document.credit_approval_reason = approval and approval.reason
            document.credit_approved_amount = approval.amount if approval else 0.0

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

    # what the models say

    # The field that leads to the customer who owes for the document.
    _credit_customer_path = None

    @api.model
    def _get_credit_domain(self):
        """Documents that have a credit status at all."""
        raise NotImplementedError

    @api.model
    def _get_credit_pending_domain(self):
        """Documents that will add to what the customer owes once they are confirmed or posted."""
        raise NotImplementedError

    def _has_credit_status(self):
        self.ensure_one()
        return bool(self.filtered_domain(self._get_credit_domain()))

    def _is_credit_pending(self):
        self.ensure_one()
        return bool(self.filtered_domain(self._get_credit_pending_domain()))

    def _get_credit_amount(self, company):
        """What the document adds to what the customer owes and is not counted there yet, in the
        currency of the company."""
        raise NotImplementedError

    def _get_credit_added(self, company):
        """What confirming or posting the document has added to what the customer owes."""
        raise NotImplementedError

    def _is_credit_counted_once_confirmed(self, company):
        """Whether the account contains a document as soon as it is confirmed or posted."""
        raise NotImplementedError

    def _get_credit_uncounted(self, company):
        """What the document lends, in the currency of the company, beyond what it says itself and
        the account says of it: 0 but where somebody has chosen a rate."""
        return 0.0

    def _get_credit_paid(self, company):
        """Paid on line for this document, and not yet part of the account; 0 or more."""
        raise NotImplementedError

    def _is_credit_stopped_by_hold(self, company, paid):
        """Whether credit hold and lock stop the document, of which something may be paid."""
        raise NotImplementedError

    def _is_credit_delivered(self):
        """Whether the document only bills what is delivered already: the debt exists."""
        return False

    def _is_credit_lent(self):
        """Whether the document is confirmed or posted, so that it lends."""
        raise NotImplementedError

    def _get_credit_claim(self, company):
        """:return: `Claim` of this document, were it confirmed or posted"""
        raise NotImplementedError

    def _recompute_credit_amounts(self, confirmed):
        """Work out anew what the decision is made from."""
        raise NotImplementedError

    def _get_credit_label(self):
        """What the document is called within a sentence."""
        raise NotImplementedError

    def _get_credit_customers(self):
        """Whoever matters for the documents: who owes, and who orders."""
        owing = self.env["res.partner"].sudo().concat(*(one._get_credit_debtors() for one in self))
        return owing | self[self._credit_customer_path].sudo() | self.partner_id.sudo()

    def _get_credit_customer(self):
        """:return: whose account it is that a decision is about, as the system"""
        self.ensure_one()
        return self[self._credit_customer_path].sudo().commercial_partner_id._origin

    def _get_credit_orderer(self):
        """:return: the account of who orders, as the system"""
        self.ensure_one()
        return self.partner_id.sudo().commercial_partner_id._origin

    def _get_credit_debtors(self):
        """:return: all whose accounts the document adds to, as the system"""
        return self._get_credit_customer()

    def _get_credit_account(self, accounts, owes=None):
        """The account of who owes; on hold as well if who orders is."""
        owes = owes or self._get_credit_customer()
        account = accounts.get(owes.id, credit.Account())
        orders = accounts.get(self.partner_id.sudo().commercial_partner_id._origin.id)
        if orders and orders.account_status in (credit.LOCKED, credit.HOLD):
            if account.account_status != credit.LOCKED:
                return replace(account, account_status=orders.account_status)
        return account

    def _get_credit_message(self, account, amount, customer=None):
        customer = customer or self._get_credit_customer()
        orders = self.partner_id.sudo().commercial_partner_id
        company = self.company_id.sudo()
        is_foreign = self.currency_id != company.currency_id
        return messages.credit_status(
            self.env,
            customer,
            company,
            account,
            amount,
            self._get_credit_label(),
            held=orders if orders.account_restriction else customer,
            own=(self._get_credit_total(), self.currency_id) if is_foreign else None,
            branches=account.branches,
        )

    def _filter_credit_visible(self):
        """Those whose customers the user may see: to others their account says nothing."""
        if self.env.su or not self.env.user.has_group("bizuno_crm.group_own_contacts_only"):
            return self
        customers = (self[self._credit_customer_path] | self.partner_id)._origin.sudo(False)
        hidden = (customers - customers._filtered_access("read")).ids
        return self.filtered(
            lambda one: (
                one[one._credit_customer_path]._origin.id not in hidden
                and one.partner_id._origin.id not in hidden
            )
        )

    # doors

    def _change_under_credit_control(self, change, made=None, lends=False, accepted=None):
        """Change documents, and judge by what they come to afterwards all that lend more than
        before, or to somebody else: whatever the change was, and whatever it touched on the way,
        such as a line of another order. A change within another is judged where that one ends.

        What is written under the policy "warn" costs nothing.

        :param change: does it
        :param made: takes what `change` returns and gives the documents that are new by it
        :param bool lends: some documents will lend by it that did not before
        :param accepted: documents that may lend what they come to now
        :return: what `change` returns
        :raise UserError: naming each document that is stopped, why, and what can be done
        """
        cache = self.env.cr.cache
        outer = cache.get(_WATCH)
        claims = self._get_credit_claims()
        if accepted:
            accepted_claims = accepted._get_credit_claims(as_if=True)
        needs_undo = lends or any(claims[one] for one in self.sudo() - (accepted or self[:0]))
        if outer is not None and (outer.can_undo or not needs_undo):
            outer.add(claims)
            if accepted:
                outer.settle(accepted_claims)
            result = change()
            if made:
                outer.add(dict.fromkeys(made(result).sudo()))
            return result
        watch = cache[_WATCH] = Watch(can_undo=needs_undo)
        watch.add(claims)
        if accepted:
            watch.settle(accepted_claims)
        try:
            # Whoever catches the refusal must not find it done.
            with self.env.cr.savepoint() if needs_undo else nullcontext():
                result = change()
                if made:
                    watch.add(dict.fromkeys(made(result).sudo()))
                self._judge_credit_watch(watch)
        finally:
            # A rollback to a savepoint has emptied the cache.
            cache.pop(_WATCH, None)
            if outer is not None:
                cache[_WATCH] = outer
        return result

    def _judge_credit_watch(self, watch):
        for model in dict.fromkeys(one._name for one in watch.before):
            documents = (
                self.env[model].sudo().concat(*(one for one in watch.before if one._name == model))
            )
            try:
                claims = documents._get_credit_claims()
            except MissingError:
                claims = documents.exists()._get_credit_claims()
            grown = [one.id for one in watch.grown(claims)]
            self.env[model].browse(grown)._check_credit(confirmed=True)

    def _settle_credit_watch(self):
        """What these documents come to now is incurred already: it stops nobody."""
        watch = self.env.cr.cache.get(_WATCH)
        if watch:
            watch.settle(self._get_credit_claims())

    def _get_credit_claims(self, as_if=False):
        """
        :param bool as_if: as if all of them were confirmed or posted
        :return: {document, as the system: its `Claim`, or None if it does not lend, or in a
            company that only warns}
        """
        claims = {}
        for document in self.sudo():
            company = document.company_id
            claims[document] = (
                document._get_credit_claim(company)
                if (as_if or document._is_credit_lent())
                and company
                and not company._get_credit_policy().is_warning_only
                else None
            )
        return claims

    def _check_credit(self, confirmed):
        """Stop these documents if their company's policy does, and note in their log what they
        pass against.

        :param bool confirmed: they are confirmed or posted already, in this transaction
        :raise UserError: naming each document that is stopped, why, and what can be done
        """
        refusals, warnings = self._judge_credit(confirmed, serialize=True)
        if refusals:
            for document, (action, _text) in refusals.items():
                document._wait_after_rollback(action)
            raise UserError("\n\n".join(text for _action, text in refusals.values()))
        self._log_credit_warnings(warnings)

    def _get_credit_refusals(self, confirmed):
        """:return: {document: sentence} for those that the policy of their company stops"""
        refusals, _warnings = self._judge_credit(confirmed)
        return {document: text for document, (_action, text) in refusals.items()}

    def _judge_credit(self, confirmed, serialize=False):
        """
        :param bool confirmed: the documents are confirmed or posted already, in this transaction
        :param bool serialize: for a decision that holds, whatever other transactions do
        :return: ({document: (“approval” or “block”, sentence)} for those that are stopped,
            {document: sentence, without figures} for those that pass against a warning)
        """
        refusals, warnings = {}, {}
        for company, documents in self.grouped("company_id").items():
            company = company.sudo()
            policy = company._get_credit_policy()
            if not policy.is_warning_only:
                documents._recompute_credit_amounts(confirmed)
            customers = documents._get_credit_customers().with_company(company)
            # One query for what is needed, where reading a field would take two for everything.
            customers.fetch([
                "commercial_partner_id", "account_restriction", "credit_limit",
                "bizuno_terms_written", "customer_rank", "role_lead", "company_id",
            ])  # fmt: skip
            customers = customers.commercial_partner_id
            limited = customers.filtered(
                lambda one, company=company: (
                    one.account_restriction or one._get_limit_to_come(company)
                )
            )
            if not limited:
                continue
            is_serialized = serialize and not policy.is_warning_only
            accounts = customers._get_credit_accounts(company, limited if is_serialized else None)
            found = documents._judge_credit_accounts(company, policy, accounts, confirmed)
            refusals.update(found[0])
            warnings.update(found[1])
        return refusals, warnings

    def _judge_credit_accounts(self, company, policy, accounts, confirmed):
        added = {
            one: max(one._get_credit_added(company), 0.0) + one._get_credit_uncounted(company)
            for one in self
        }
        # What is paid can only help: it is looked up when the documents would be stopped without.
        nothing = dict.fromkeys(self, 0.0)
        found = self._judge_credit_amounts(company, policy, accounts, confirmed, added, nothing)
        if not any(found):
            return found
        paid = {one: one._get_credit_paid(company) for one in self}
        for document, amount in paid.items():
            if amount > 0 and not document._is_credit_stopped_by_hold(company, amount):
                # Paid in full is paid in full, at whatever rate.
                paid[document] = max(amount, added[document])
        return self._judge_credit_amounts(company, policy, accounts, confirmed, added, paid)

    def _judge_credit_amounts(self, company, policy, accounts, confirmed, added, paid):
        refusals, warnings = {}, {}
        debtors = {one: one._get_credit_debtors() for one in self}
        for customer in self.env["res.partner"].concat(*debtors.values()):
            documents = self.filtered(lambda one, customer=customer: customer in debtors[one])
            # What all these documents together change in the account as it was read: one that is
            # negative makes no room for another.
            is_counted = confirmed and documents[0]._is_credit_counted_once_confirmed(company)
            change = sum(
                (one._get_credit_uncounted(company) if is_counted else added[one]) - paid[one]
                for one in documents
            )
            for document in documents:
                account = document._get_credit_account(accounts, customer)
                net = company.currency_id.round(added[document] - paid[document])
                reasons = [
                    reason
                    for reason in account.reasons(change)
                    if document._is_credit_reason(company, reason, net, paid[document])
                ]
                if not reasons:
                    continue
                # The sentence tells the document apart from the rest of the account.
                rest = replace(account, open=company.currency_id.round(account.open + change - net))
                action = policy.of_all(reasons)
                if action == "warn" or document._is_credit_delivered():
                    warnings[document] = document.with_context(
                        credit_without_figures=True
                    )._get_credit_message(rest, net, customer)
                elif action == "block" or not document._is_credit_approved():
                    text = document._get_credit_refusal(action, company, rest, net, customer)
                    refusals[document] = action, text
        return refusals, warnings

    def _is_credit_reason(self, company, reason, net, paid):
        """Whether a reason against the account is one against this document."""
        if reason in (credit.LOCKED, credit.HOLD):
            return self._is_credit_stopped_by_hold(company, paid)
        return net > 0

    def _get_credit_refusal(self, action, company, account, amount, customer):
        if self._filter_credit_visible():
            reason = self._get_credit_message(account, amount, customer)
        else:
            reason = messages.credit_reason_hidden(self.env)
        if action == "approval":
            approvers = company._get_credit_approvers()
            asked = self._find_credit_approver(self.env.user) if self._is_credit_pending() else None
            return messages.credit_approval_missing(
                self.env, self._get_credit_name(), reason, approvers, asked
            )
        return messages.credit_blocked(self.env, self._get_credit_name(), reason)

    def _get_credit_name(self):
        """What the document is called, without address or amount."""
        return self.display_name

    def _get_credit_salesperson(self):
        """:return: `res.users`, who sells to the customer of the document"""
        return self.user_id

    def _log_credit_warnings(self, warnings):
        """In the log of each document: who let it pass, and against which warning.

        :param dict warnings: {document: sentence, without figures}
        """
        bodies = {}
        for document, warning in warnings.items():
            if document._is_credit_delivered():
                text = messages.credit_delivered_goods(self.env, self.env.user.name, warning)
                document._tell_approver_of_delivered_goods(text)
            else:
                text = messages.credit_warning_passed(self.env, self.env.user.name, warning)
            bodies[document.id] = plaintext2html(text)
        if bodies:
            documents = self.with_user(SUPERUSER_ID).browse(bodies)
            documents._message_log_batch(bodies, author_id=self.env.user.partner_id.id)

    # approval

    def _is_credit_approved(self):
        """Whether an approver has let this much pass on this document for this customer."""
        return self._is_credit_approved_up_to(self._get_credit_total())

    def _get_credit_total(self):
        """What the document comes to, in its own currency."""
        return self.amount_total

    def _is_credit_approved_up_to(self, amount):
        """:param float amount: in the currency of the document"""
        self.ensure_one()
        approval = self.env["bizuno.credit.approval"]._get_latest(self).get(self._origin.id)
        return bool(
            approval
            and approval.partner_id == self._get_credit_debtors()
            # Of those from before this was noted nobody knows.
            and approval.orderer_id in (approval.orderer_id.browse(), self._get_credit_orderer())
            and approval.currency_id == self.currency_id
            and self.currency_id.compare_amounts(amount, approval.amount) <= 0
        )

    def action_approve_credit(self):
        """The dialog in which a credit approver lets the document pass.

        :return: a window action
        :raise UserError: for anybody else
        """
        self.ensure_one()
        self.check_access("read")
        self.env["bizuno.credit.approval"]._check_approver(self)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Approve Credit"),
            "res_model": "bizuno.credit.approval.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {"default_res_model": self._name, "default_res_id": self.id},
        }

    def action_request_credit_approval(self):
        """Ask an approver by an activity on the document; asked once until it is answered.

        :return: a notification for the screen
        :raise UserError: if no approval is needed
        """
        self.ensure_one()
        self.check_access("read")
        if not self.is_credit_approval_needed:
            raise UserError(messages.credit_approval_not_needed(self.env, self.display_name))
        approver = self.sudo()._request_credit_approval(self.env.user)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info" if approver else "warning",
                "message": self.env._("%(approver)s has been asked.", approver=approver.name)
                if approver
                else messages.credit_approver_missing(self.env),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _request_credit_approval(self, asker):
        """
        :param asker: `res.users`, who will not be asked
        :return: the approver who has the activity
        """
        self.ensure_one()
        known = self.activity_search([_REQUEST])
        if known:
            return known[0].user_id
        approver = self._find_credit_approver(asker)
        if approver:
            customer = self[self._credit_customer_path].sudo().commercial_partner_id
            # In the approver's language, but without figures of the account: an activity is read by
            # whoever reads the document.
            document = self.with_user(approver).with_context(
                lang=approver.lang, credit_without_figures=True
            )
            amount = self._get_credit_total()
            # In the e-mail it is who asks that has assigned it.
            self.with_user(asker or SUPERUSER_ID).sudo().activity_schedule(
                _REQUEST,
                summary=messages.credit_request_summary(
                    document.env, self._get_credit_name(), customer.name, amount, self.currency_id
                ),
                note=plaintext2html(
                    messages.credit_request(
                        document.env,
                        asker.name if asker else None,
                        self._get_credit_name(),
                        customer.name,
                        amount,
                        self.currency_id,
                        document.credit_message,
                    )
                ),
                user_id=approver.id,
            )
        return approver

    def _find_credit_approver(self, asker):
        """The first approver who can open the document, and is not who asks."""
        approvers = self.company_id._get_credit_approvers() - asker
        return next(
            (one for one in approvers if self.with_user(one).has_access("read")), approvers[:0]
        )

    def _wait_after_rollback(self, action):
        """A refused confirmation undoes all it did, so the entry in the list of what waits, and the
        activity that asks an approver, are made once the transaction is gone, in one of their own.

        :param str action: “approval” or “block”
        """
        self.ensure_one()
        if not self._origin.id:
            return
        dbname, model, uid, res_id = self.env.cr.dbname, self._name, self.env.uid, self._origin.id
        document_name = self.display_name

        @self.env.cr.postrollback.add
        def wait():
            # The request is over by now: nothing may be tracked, for which Odoo would look at it.
            # And whoever is refused must read why, even if nobody could be asked.
            try:
                with Registry(dbname).cursor() as cr:
                    env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
                    document = env[model].browse(res_id).exists()
                    if document:
                        document._wait_for_credit(action, env["res.users"].browse(uid))
            except Exception:
                _logger.exception("%s could not be put on the list of what waits", document_name)

    def _wait_for_credit(self, action, user):
        """
        :param str action: “approval” or “block”
        :param user: who was refused
        """
        if self._is_credit_pending():
            self.env["bizuno.credit.wait"]._add(self, user)
        if action == "approval":
            self._request_credit_approval(user)

    def _get_quiet_credit_refusal(self):
        """Why the document would be stopped, in words for the chatter: without figures, because
        reps read it."""
        self.ensure_one()
        document = self.with_context(credit_without_figures=True)
        return document._get_credit_refusals(confirmed=False).get(document)

    def _hold_back_quietly(self, refusal):
        """Leave a document unconfirmed without an error, where there is nobody who could read one:
        a customer who signs or pays on the portal. The salesperson and an approver are told, an
        approver also where there is no salesperson."""
        self.ensure_one()
        # Not as the customer, whose name would stand above a note that is kept from them.
        document = self.with_user(SUPERUSER_ID)
        document.message_post(body=refusal, subtype_xmlid="mail.mt_note")
        nobody = document.env["res.users"]
        asked = nobody
        document.env["bizuno.credit.wait"]._add(document, nobody)
        if document.is_credit_approval_needed:
            asked = document._request_credit_approval(nobody)
        user = document.user_id or document._find_credit_approver(nobody)
        if user and user != asked and not document.activity_search([_REQUEST], user_id=user.id):
            document.activity_schedule(
                _REQUEST,
                summary=self.env._(
                    "%(document)s was accepted by the customer, but not confirmed",
                    document=document.display_name,
                ),
                note=plaintext2html(refusal),
                user_id=user.id,
            )
