from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.tools import format_amount

from ... import messages
from ..base.bizuno_guard import BizunoGuardMixin, check_numbers
from ..contact.bizuno_account_search_mixin import BizunoAccountSearchMixin
from ..terms.bizuno_terms_mixin import ACCOUNT_READERS

_FIELD_OF_MODEL = {"sale.order": "order_id", "account.move": "move_id"}


class BizunoCreditApproval(models.Model):
    """Who let which document pass, when, why and up to how much. Written once, never changed."""

    _name = "bizuno.credit.approval"
    _description = "Credit Approval"
    _inherit = [BizunoGuardMixin._name, BizunoAccountSearchMixin._name]
    _order = "date desc, id desc"
    _rec_name = "document"

    document = fields.Char(readonly=True)
    order_id = fields.Many2one(
        comodel_name="sale.order",
        string="Quotation or Order",
        readonly=True,
        index=True,
        ondelete="set null",
    )
    move_id = fields.Many2one(
        comodel_name="account.move",
        string="Invoice",
        readonly=True,
        index=True,
        ondelete="set null",
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", required=True, readonly=True, index=True,
        ondelete="restrict",
    )  # fmt: skip
    orderer_id = fields.Many2one(
        comodel_name="res.partner", string="Ordered by", readonly=True, ondelete="restrict"
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Approved by",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    date = fields.Datetime(required=True, readonly=True)
    reason = fields.Char(required=True, readonly=True)
    amount = fields.Monetary(string="Approved up to", required=True, readonly=True)
    currency_id = fields.Many2one(comodel_name="res.currency", required=True, readonly=True)
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, index=True
    )
    circumstances = fields.Char(
        string="Customer's Account",
        readonly=True,
        groups=ACCOUNT_READERS,
        help="The credit status at the time.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Who, when, for whom and in which currency is not for the caller to say: only the
        document, the amount and the reason are taken.

        :raise AccessError: for anybody but a credit approver
        :raise ValidationError: without a reason or an amount
        """
        # before anything is judged by it
        for vals in vals_list:
            check_numbers(self, vals)
        # So that the accounts of all documents are read at once.
        prefetch_ids = {
            name: [vals[name] for vals in vals_list if vals.get(name)]
            for name in _FIELD_OF_MODEL.values()
        }
        vals_list = [self._prepare_approval_vals(vals, prefetch_ids) for vals in vals_list]
        # As the system: an approver need not be one who reads what stands in it.
        approvals = super(BizunoCreditApproval, self.sudo()).create(vals_list).with_env(self.env)
        for approval in approvals:
            approval._announce(approval.order_id or approval.move_id)
        return approvals

    @api.model
    def _prepare_approval_vals(self, vals, prefetch_ids):
        name = next(
            (field_name for field_name in _FIELD_OF_MODEL.values() if vals.get(field_name)),
            "order_id",
        )
        document = self.env[self._fields[name].comodel_name].browse(vals.get(name))
        document = document.with_prefetch(prefetch_ids[name])
        self._check_approver(document)
        document.ensure_one().check_access("read")
        reason, amount = (vals.get("reason") or "").strip(), vals.get("amount") or 0.0
        if not reason:
            raise ValidationError(
                messages.credit_approval_reason_missing(self.env, document.display_name)
            )
        if amount <= 0:
            raise ValidationError(
                messages.credit_approval_amount_missing(self.env, document.display_name)
            )
        return {
            name: document.id,
            "document": document.display_name,
            "partner_id": document._get_credit_customer().id,
            "orderer_id": document._get_credit_orderer().id,
            "user_id": self.env.user.id,
            "date": fields.Datetime.now(),
            "reason": reason,
            "amount": amount,
            "currency_id": document.currency_id.id,
            "company_id": document.company_id.id,
            "circumstances": document.credit_message,
        }

    @api.model
    def _open_wizard(self, document, **defaults):
        """
        :param document: whose company has the approvers that a refusal names
        :return: the action of the dialog, with these defaults
        :raise AccessError: for anybody but a credit approver
        """
        self._check_approver(document)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Approve Credit"),
            "res_model": "bizuno.credit.approval.wizard",
            "view_mode": "form",
            "target": "new",
            "context": defaults,
        }

    @api.model
    def _check_approver(self, document):
        """
        :raise AccessError: naming who could
        """
        if not self.env.user.has_group("bizuno_crm.group_credit_approver"):
            company = document.company_id.sudo() or self.env.company
            raise AccessError(
                messages.credit_approval_right_missing(
                    self.env, document.display_name or "", company._get_credit_approvers()
                )
            )

    @api.model
    def _get_latest(self, documents):
        """:return: {document's id: its latest approval}, read as the system, in one query"""
        name = _FIELD_OF_MODEL[documents._name]
        latest = {}
        for approval in self.sudo().search([(name, "in", documents._origin.ids)]):
            latest.setdefault(approval[name].id, approval)
        return latest

    def _announce(self, document):
        """In the chatter of the document, whose request is answered by it."""
        self.ensure_one()
        document.invalidate_recordset(
            [
                "credit_approved_by_id", "credit_approval_reason", "credit_approved_amount",
                "is_credit_approval_needed", "is_credit_approval_requested",
            ],
            flush=False,
        )  # fmt: skip
        document.sudo().activity_feedback(
            ["bizuno_crm.mail_activity_type_credit_approval"], feedback=self.reason
        )
        # Whoever was refused is told that the document may go on.
        waiting = self.env["bizuno.credit.wait"]._remove(document) - self.user_id
        document.sudo().message_post(
            author_id=self.user_id.partner_id.id,
            partner_ids=waiting.partner_id.ids,
            body=self.env._(
                "Credit approved up to %(amount)s: %(reason)s",
                amount=format_amount(self.env, self.amount, self.currency_id),
                reason=self.reason,
            ),
            subtype_xmlid="mail.mt_note",
        )
