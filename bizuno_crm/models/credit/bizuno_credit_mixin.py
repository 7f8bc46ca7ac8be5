from contextlib import nullcontext
from dataclasses import replace

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import MissingError, UserError
from odoo.tools import plaintext2html

from ... import messages
from ...logic import credit
from ...logic.credit_watch import Watch
from .bizuno_credit_approval_mixin import READERS

# Where the watch of a transaction is kept: with its cursor, out of reach of any context.
_WATCH = "bizuno_crm.credit_watch"


class BizunoCreditMixin(models.AbstractModel):
    """A document that lends to a customer: quotation, order or invoice.

    The models say which documents lend, to whom and how much; this one judges them.
    """

    _name = "bizuno.credit.mixin"
    _inherit = ["bizuno.credit.status.mixin", "bizuno.credit.approval.mixin"]
    _description = "Document under Credit Control"

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
        visible = self._filter_credit_visible()
        unsaved = visible.filtered(lambda one: not isinstance(one.id, int))
        alone = unsaved | visible._filter_credit_judged_alone()
        if alone:
            alone._set_credit_judgement()
        for company, documents in (visible - alone).grouped("company_id").items():
            found = documents._select_credit_statuses(company) if company else {}
            for document in documents:
                document.credit_status = found.get(document.id, False)

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

    # what the models say

    # The field that leads to the customer who owes for the document.
    _credit_customer_path = None
    # What the status and the message follow from.
    _credit_judged_by = ()

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
