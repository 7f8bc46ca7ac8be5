import logging
from dataclasses import replace

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.modules.registry import Registry
from odoo.tools import plaintext2html

from .. import messages
from ..logic import credit

_logger = logging.getLogger(__name__)

_REQUEST = "bizuno_crm.mail_activity_type_credit_approval"
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
        string="Credit Status in Words", compute="_compute_credit_status", groups=_READERS
    )
    is_credit_approval_needed = fields.Boolean(compute="_compute_credit_status", groups=_READERS)
    can_approve_credit = fields.Boolean(compute="_compute_can_approve_credit")
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
    @api.depends_context("uid", "lang", "credit_without_figures")
    def _compute_credit_status(self):
        """As the system, because the figures are not for everyone; the message names only those
        that Odoo shows this user elsewhere."""
        documents = self.filtered(lambda one: one._has_credit_status())
        rest = self - documents
        rest.credit_status = False
        rest.credit_message = False
        rest.is_credit_approval_needed = False
        for company, group in documents.grouped(lambda one: one.company_id._origin).items():
            accounts = group._get_credit_customers()._get_credit_accounts(company)
            policy = company.sudo().credit_policy
            for document in group:
                account = document._get_credit_account(accounts)
                amount = document._get_credit_amount(company)
                document.credit_status = account.status(amount)
                document.credit_message = document._get_credit_message(account, amount)
                document.is_credit_approval_needed = (
                    policy == "approval"
                    and document._is_credit_pending()
                    and account.status(amount) in credit.STOPPED
                    and not document._is_credit_approved()
                )

    @api.depends_context("uid")
    def _compute_can_approve_credit(self):
        self.can_approve_credit = self.env.user.has_group("bizuno_crm.group_credit_approver")

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
        """Documents that add nothing have the status of the customer, which is searched in SQL;
        pending ones are few enough to be judged one by one, like on the screen."""
        if operator != "in":
            return NotImplemented
        pending = self.search(
            self._get_credit_pending_domain() & Domain("company_id", "in", self.env.companies.ids)
        )
        found = Domain("id", "in", pending.filtered(lambda one: one.credit_status in value).ids)
        if False in value:
            found |= ~self._get_credit_domain()
        settled = self._get_credit_domain() & ~self._get_credit_pending_domain()
        for company in self.env.companies:
            customers = self.env["res.partner"]._get_credit_status_domain(
                [status for status in value if status], company
            )
            found |= (
                settled
                & Domain("company_id", "=", company.id)
                & Domain(self._credit_customer_path, "any", customers)
            )
        return found

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

    def _get_credit_paid(self, company):
        """Paid on line for this document, and not yet part of the account; 0 or more."""
        raise NotImplementedError

    def _is_credit_stopped_by_hold(self, company, paid):
        """Whether credit hold and lock stop the document, of which something may be paid."""
        raise NotImplementedError

    def _get_credit_label(self):
        """What the document is called within a sentence."""
        raise NotImplementedError

    def _get_credit_customers(self):
        """Whoever matters for the documents: who owes, and who orders."""
        return self[self._credit_customer_path].sudo() | self.partner_id.sudo()

    def _get_credit_account(self, accounts):
        """The account of who owes; on hold as well if who orders is."""
        owes = self[self._credit_customer_path].sudo().commercial_partner_id._origin
        account = accounts.get(owes.id, credit.Account())
        orders = accounts.get(self.partner_id.sudo().commercial_partner_id._origin.id)
        if orders and orders.account_status in (credit.LOCKED, credit.HOLD):
            if account.account_status != credit.LOCKED:
                return replace(account, account_status=orders.account_status)
        return account

    def _get_credit_message(self, account, amount):
        customer = self[self._credit_customer_path].sudo().commercial_partner_id
        orders = self.partner_id.sudo().commercial_partner_id
        if orders.account_restriction:
            customer = orders
        return messages.credit_status(
            self.env, customer, self.company_id.sudo(), account, amount, self._get_credit_label()
        )

    # doors

    def _write_under_credit_control(self, write, pending, changes_amounts):
        """Confirm or post documents, if the credit policy lets them; whatever door they came
        through, nothing in the context and no right but an approval changes the outcome.

        :param write: does it
        :param pending: those of the documents that will lend by it
        :param bool changes_amounts: it may change amount or customer as well, so that the documents
            must be judged as they are afterwards
        :raise UserError: naming each document that is stopped, why, and what can be done
        """
        documents = self if changes_amounts else pending
        if all(one.credit_policy == "warn" for one in documents.company_id.sudo()):
            return write()
        pending._check_credit(confirmed=False)
        if not changes_amounts:
            return write()
        with self.env.cr.savepoint():
            result = write()
            self._check_credit(confirmed=True)
        return result

    def _check_credit(self, confirmed):
        refusals = self._get_credit_refusals(confirmed, serialize=True)
        if not refusals:
            return
        for document in refusals:
            document._request_approval_after_rollback()
        raise UserError("\n\n".join(refusals.values()))

    def _get_credit_refusals(self, confirmed, serialize=False):
        """
        :param bool confirmed: the documents are confirmed or posted already, in this transaction
        :param bool serialize: for a decision that holds, whatever other transactions do
        :return: {document: sentence} for those that the policy of their company stops
        """
        refusals = {}
        for company, documents in self.grouped("company_id").items():
            company = company.sudo()
            if company.credit_policy == "warn":
                continue
            customers = documents._get_credit_customers().with_company(company)
            # One query for what is needed, where reading a field would take two for everything.
            customers.fetch(["commercial_partner_id", "account_restriction", "credit_limit"])
            customers = customers.commercial_partner_id
            limited = customers.filtered(lambda one: one.credit_limit or one.account_restriction)
            if not limited:
                continue
            accounts = customers._get_credit_accounts(company, limited if serialize else None)
            refusals.update(documents._judge_credit(company, accounts, confirmed))
        return refusals

    def _judge_credit(self, company, accounts, confirmed):
        added = {one: one._get_credit_added(company) for one in self}
        # What is paid can only help: it is looked up when the documents would be stopped without.
        nothing = dict.fromkeys(self, 0.0)
        if not self._judge_credit_amounts(company, accounts, confirmed, added, nothing):
            return {}
        paid = {one: one._get_credit_paid(company) for one in self}
        return self._judge_credit_amounts(company, accounts, confirmed, added, paid)

    def _judge_credit_amounts(self, company, accounts, confirmed, added, paid):
        refusals = {}
        for _customer, documents in self.grouped(
            lambda one: one[self._credit_customer_path].sudo().commercial_partner_id
        ).items():
            # What all these documents together change in the account as it was read.
            is_counted = confirmed and documents[0]._is_credit_counted_once_confirmed(company)
            change = sum((0 if is_counted else added[one]) - paid[one] for one in documents)
            for document in documents:
                account = document._get_credit_account(accounts)
                net = company.currency_id.round(added[document] - paid[document])
                status = account.status(change)
                if status in (credit.LOCKED, credit.HOLD):
                    is_stopped = document._is_credit_stopped_by_hold(company, paid[document])
                else:
                    is_stopped = status == credit.OVER_LIMIT and net > 0
                if is_stopped and not (
                    company.credit_policy == "approval" and document._is_credit_approved()
                ):
                    # The sentence tells the document apart from the rest of the account.
                    rest = replace(
                        account, open=company.currency_id.round(account.open + change - net)
                    )
                    refusals[document] = document._get_credit_refusal(company, rest, net)
        return refusals

    def _get_credit_refusal(self, company, account, amount):
        reason = self._get_credit_message(account, amount)
        if company.credit_policy == "approval":
            approvers = company._get_credit_approvers()
            return messages.credit_approval_missing(self.env, self.display_name, reason, approvers)
        return messages.credit_blocked(self.env, self.display_name, reason)

    # approval

    def _is_credit_approved(self):
        """Whether an approver has let this much pass on this document for this customer."""
        return self._is_credit_approved_up_to(self.amount_total)

    def _is_credit_approved_up_to(self, amount):
        """:param float amount: in the currency of the document"""
        self.ensure_one()
        approval = self.env["bizuno.credit.approval"]._get_latest(self).get(self._origin.id)
        return bool(
            approval
            and approval.partner_id == self[self._credit_customer_path].sudo().commercial_partner_id
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
            self.activity_schedule(
                _REQUEST,
                summary=self.env._(
                    "Approve the credit for %(document)s", document=self.display_name
                ),
                note=plaintext2html(
                    self.with_context(credit_without_figures=True).credit_message or ""
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

    def _request_approval_after_rollback(self):
        """A refused confirmation undoes all it did, so the activity that asks an approver is made
        once the transaction is gone, in one of its own."""
        self.ensure_one()
        if self.company_id.sudo().credit_policy != "approval" or not self._origin.id:
            return
        dbname, model, uid, res_id = self.env.cr.dbname, self._name, self.env.uid, self._origin.id
        document_name = self.display_name

        @self.env.cr.postrollback.add
        def ask():
            # The request is over by now: nothing may be tracked, for which Odoo would look at it.
            # And whoever is refused must read why, even if nobody could be asked.
            try:
                with Registry(dbname).cursor() as cr:
                    env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
                    document = env[model].browse(res_id).exists()
                    if document:
                        document._request_credit_approval(env["res.users"].browse(uid))
            except Exception:
                _logger.exception(
                    "Nobody could be asked to approve the credit of %s", document_name
                )

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
        if document.company_id.credit_policy == "approval":
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
