from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html

from ... import messages
from ...logic import credit


class BizunoCreditMixin(models.AbstractModel):
    """A document that lends to a customer: quotation, order or invoice.

    The models say which documents lend, to whom and how much, and `logic.credit` judges; this one
    collects what it has to know, and refuses, warns and tells.
    """

    _name = "bizuno.credit.mixin"
    _inherit = [
        "bizuno.credit.status.mixin", "bizuno.credit.approval.mixin", "bizuno.credit.watch.mixin",
    ]  # fmt: skip
    _description = "Document under Credit Control"

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
        """What the documents lend, in the currency of the company, beyond what they say themselves
        and the account says of them: 0 but where somebody has chosen a rate.

        :return: {document: amount}
        """
        return dict.fromkeys(self, 0.0)

    def _get_credit_rate_today(self, company):
        """:return: how much of the document's currency one of the company's is, today"""
        if self.currency_id == company.currency_id:
            return 1.0
        return self.env["res.currency"]._get_conversion_rate(
            company.currency_id, self.currency_id, company, fields.Date.context_today(self)
        )

    def _get_credit_in_company(self, company, amount):
        """:return: an amount of the document in the currency of the company"""
        raise NotImplementedError

    def _get_credit_paid(self, company):
        """Paid on line for these documents, and not part of the account yet, in the currency of the
        company. What a transaction pays of one document it does not pay of another.

        :return: {document: {"paid": amount, "covered": amount}}, for `logic.credit.Document`
        """
        paid_by_document, rests = {}, {}
        for document in self.sorted("id"):
            total = needed = max(document._get_credit_total(), 0.0)
            covered = 0.0
            for transaction in document.sudo().transaction_ids.sorted("id"):
                if not transaction._pays_credit_of(document):
                    continue
                if transaction not in rests:
                    rests[transaction], spent = transaction._get_credit_rest(
                        document, self, company
                    )
                    covered += spent
                wanted = document._convert_credit(needed, transaction.currency_id)
                if wanted > 0:
                    part = min(rests[transaction], wanted)
                    rests[transaction] -= part
                    needed -= needed * part / wanted
            paid = document._get_credit_in_company(company, total - needed)
            paid_by_document[document] = {"paid": paid, "covered": covered}
        return paid_by_document

    def _convert_credit(self, amount, currency):
        """:return: an amount of the document in another currency, by the rate of today"""
        if self.currency_id == currency:
            return amount
        today = fields.Date.context_today(self)
        return self.currency_id._convert(amount, currency, self.company_id, today)

    def _get_credit_unpaid(self):
        """What is to be paid of a document that lends, in its own currency."""
        return self._get_credit_total()

    def _get_credit_to_pay(self):
        """What must be paid for credit hold and lock to let the document pass, in the currency of
        the company; None if they stop it all the same."""
        return None

    def _is_credit_delivered(self):
        """Whether the document only bills what is delivered already: the debt exists."""
        return False

    def _recompute_credit_amounts(self, confirmed):
        """Work out anew what the decision is made from."""
        raise NotImplementedError

    def _get_credit_label(self):
        """What the document is called within a sentence."""
        raise NotImplementedError

    def _get_credit_customers(self):
        """Whoever matters for the documents: who owes, and who orders."""
        owing = (
            self.env["res.partner"]
            .sudo()
            .concat(*(record._get_credit_debtors() for record in self))
        )
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

    def _get_credit_position(self, positions):
        """The position of who owes; on hold as well if who orders is."""
        position = positions.get(self._get_credit_customer().id, credit.Position())
        return position.restricted(self._get_credit_orderer_status(positions))

    def _get_credit_orderer_status(self, positions):
        return positions.get(self._get_credit_orderer().id, credit.Position()).account_status

    def _get_credit_message(self, position, amount, customer=None):
        customer = customer or self._get_credit_customer()
        orders = self.partner_id.sudo().commercial_partner_id
        company = self.company_id.sudo()
        is_foreign = self.currency_id != company.currency_id
        return messages.credit_status(
            self.env,
            customer,
            company,
            position,
            amount,
            self._get_credit_label(),
            held=orders if orders.account_restriction else customer,
            own=(self._get_credit_total(), self.currency_id) if is_foreign else None,
            branches=position.branches,
        )

    def _filter_credit_visible(self):
        """Those whose customers the user may see: to others their account says nothing."""
        if self.env.su or not self.env.user.has_group("bizuno_crm.group_own_contacts_only"):
            return self
        customers = (self[self._credit_customer_path] | self.partner_id)._origin.sudo(False)
        hidden = (customers - customers._filtered_access("read")).ids
        return self.filtered(
            lambda record: (
                record[record._credit_customer_path]._origin.id not in hidden
                and record.partner_id._origin.id not in hidden
            )
        )

    # judging

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
            for document, customer, verdict in documents._get_credit_verdicts(
                company, confirmed, serialize
            ):
                if verdict.action == credit.WARN:
                    quiet = document.with_context(credit_without_figures=True)
                    warnings[document] = quiet._get_credit_message(
                        verdict.position, verdict.amount, customer
                    )
                else:
                    text = document._get_credit_refusal(company, verdict, customer)
                    refusals[document] = verdict.action, text
        return refusals, warnings

    def _get_credit_verdicts(self, company, confirmed, serialize):
        """Collect what `logic.credit` has to know of these documents of a company.

        :return: [(document, `res.partner` who is to owe for it, `Verdict`)], where there is
            something against it
        """
        policy = company._get_credit_policy()
        if not policy.is_warning_only:
            self._recompute_credit_amounts(confirmed)
        customers = self._get_credit_customers()._get_accounts_sold_to(company)
        limited = customers.filtered(
            lambda customer: customer.account_restriction or customer._get_limit_to_come(company)
        )
        if not limited:
            return []
        is_serialized = serialize and not policy.is_warning_only
        positions = customers._get_credit_positions(company, limited if is_serialized else None)
        uncounted = self._get_credit_uncounted(company)
        facts = {
            document: credit.Document(
                key=document,
                added=max(document._get_credit_added(company), 0.0),
                uncounted=uncounted[document],
                is_counted=confirmed and document._is_credit_counted_once_confirmed(company),
                to_pay=document._get_credit_to_pay(),
                orderer_status=document._get_credit_orderer_status(positions),
            )
            for document in self
        }
        verdicts = self._judge_credit_facts(positions, facts, policy)
        if not verdicts:
            return []
        # What is paid, approved or delivered can only help: it is looked up where it may.
        stopped = dict.fromkeys(
            document for document, _customer, verdict in verdicts if verdict.action != credit.WARN
        )
        allowances = self.browse().concat(*stopped)._get_credit_allowances()
        paid = self._get_credit_paid(company)
        facts = {
            document: fact._replace(
                **paid[document],
                allowances=allowances.get(document, ()),
                is_delivered=document in stopped and document._is_credit_delivered(),
            )
            for document, fact in facts.items()
        }
        return self._judge_credit_facts(positions, facts, policy)

    @api.model
    def _judge_credit_facts(self, positions, facts, policy):
        """Each customer's documents together; one that several are to owe for, with each."""
        debtors = {document: document._get_credit_debtors() for document in facts}
        return [
            (verdict.document.key, customer, verdict)
            for customer in self.env["res.partner"].union(*debtors.values())
            for verdict in credit.judge(
                positions.get(customer.id, credit.Position()),
                [fact for document, fact in facts.items() if customer in debtors[document]],
                policy,
            )
            if verdict.action
        ]

    def _get_credit_refusal(self, company, verdict, customer):
        if self._filter_credit_visible():
            reason = self._get_credit_message(verdict.position, verdict.amount, customer)
        else:
            reason = messages.credit_reason_hidden(self.env)
        if verdict.action == credit.APPROVAL:
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
