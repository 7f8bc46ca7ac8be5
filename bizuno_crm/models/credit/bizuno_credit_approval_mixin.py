import logging

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.tools import plaintext2html

from ... import messages
from ...logic import credit

_logger = logging.getLogger(__name__)

_REQUEST = "bizuno_crm.mail_activity_type_credit_approval"
# Not the customer, who may read the own orders and invoices.
READERS = "base.group_user"


class BizunoCreditApprovalMixin(models.AbstractModel):
    """A document that somebody may let pass all the same: who is asked, who has allowed it and up
    to how much, and what becomes of a document that was stopped. Whether one is stopped, the credit
    mixin judges."""

    _name = "bizuno.credit.approval.mixin"
    _description = "Document with a Credit Approval"

    # The documents' own; it is here because an amount needs one.
    currency_id = fields.Many2one(comodel_name="res.currency")
    can_approve_credit = fields.Boolean(compute="_compute_can_approve_credit")
    is_credit_approval_requested = fields.Boolean(
        compute="_compute_credit_approval_requested", groups=READERS
    )
    credit_approved_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Credit Approved by",
        compute="_compute_credit_approval",
        groups=READERS,
    )
    credit_approval_reason = fields.Char(
        string="Approval Reason", compute="_compute_credit_approval", groups=READERS
    )
    credit_approved_amount = fields.Monetary(
        string="Approved up to",
        compute="_compute_credit_approval",
        groups=READERS,
        help="In the currency of the document. A larger amount needs another approval.",
    )

    @api.depends_context("uid")
    def _compute_can_approve_credit(self):
        self.can_approve_credit = self.env.user.has_group("bizuno_crm.group_credit_approver")

    @api.depends("activity_ids", "is_credit_approval_needed")
    def _compute_credit_approval_requested(self):
        """Of what needs an approval: most documents do not, and cost nothing."""
        needing = self.filtered("is_credit_approval_needed")
        self.is_credit_approval_requested = False
        if not needing:
            return
        requested = (
            self.env["mail.activity"]
            .sudo()
            ._read_group(
                [
                    ("res_model", "=", self._name),
                    ("res_id", "in", needing._origin.ids),
                    ("activity_type_id", "=", self.env["ir.model.data"]._xmlid_to_res_id(_REQUEST)),
                ],
                aggregates=["res_id:array_agg"],
            )[0][0]
        )
        for document in needing:
            document.is_credit_approval_requested = document._origin.id in (requested or ())

    @api.depends("state")
    def _compute_credit_approval(self):
        latest = self.env["bizuno.credit.approval"]._get_latest(self)
        for document in self:
            approval = latest.get(document._origin.id)
            document.credit_approved_by_id = approval and approval.user_id
            document.credit_approval_reason = approval and approval.reason
            document.credit_approved_amount = approval.amount if approval else 0.0

    def _get_credit_total(self):
        """What the document comes to, in its own currency."""
        return self.amount_total

    def _get_credit_needed(self):
        """What has to be approved to let the document pass, in its own currency."""
        return self._get_credit_total()

    def _get_credit_allowances(self):
        """What approvers have let pass on these documents, for `logic.credit`, in one query.

        :return: {document: ways in which it may be approved}
        """
        approvals = self.env["bizuno.credit.approval"]._get_latest(self)
        return {
            document: ([document._get_credit_allowance(approvals, document._get_credit_needed())],)
            for document in self
        }

    def _get_credit_allowance(self, approvals, needed):
        """
        :param approvals: {document's id: `bizuno.credit.approval`}
        :param float needed: what is to pass, in the currency of the document
        :return: `logic.credit.Allowance`: what was approved for this customer and this orderer,
            in this company
        """
        self.ensure_one()
        approval = approvals.get(self._origin.id)
        is_meant = (
            approval
            and approval.partner_id == self._get_credit_debtors()
            # Of those from before this was noted nobody knows.
            and approval.orderer_id in (approval.orderer_id.browse(), self._get_credit_orderer())
            and approval.currency_id == self.currency_id
            # Another company has another limit, and its approvers decide.
            and approval.company_id.root_id == self.company_id.sudo().root_id
        )
        return credit.Allowance(
            needed=needed,
            granted=approval.amount if is_meant else None,
            rounding=self.currency_id.rounding,
        )

    def action_approve_credit(self):
        """The dialog in which a credit approver lets the document pass.

        :return: a window action
        :raise UserError: for anybody else
        """
        self.ensure_one()
        self.check_access("read")
        return self.env["bizuno.credit.approval"]._open_wizard(
            self, default_res_model=self._name, default_res_id=self.id
        )

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
            amount = self._get_credit_needed()
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
            (approver for approver in approvers if self.with_user(approver).has_access("read")),
            approvers[:0],
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

    def _hold_back_refused(self):
        """Hold back quietly what would be refused.

        :return: the documents that nothing stops
        """
        passing = self.browse()
        for document in self:
            refusal = document._get_quiet_credit_refusal()
            if refusal:
                document._hold_back_quietly(refusal)
            else:
                passing |= document
        return passing

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
                summary=document._get_held_back_summary(),
                note=plaintext2html(refusal),
                user_id=user.id,
            )

    def _get_held_back_summary(self):
        return self.env._(
            "%(document)s was accepted by the customer, but not confirmed",
            document=self.display_name,
        )
