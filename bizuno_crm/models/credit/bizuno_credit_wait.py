from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ... import messages
from ...logic import credit
from ...logic.forms import form_of
from ..base.counted import search_read_counted
from ..base.withhold import withhold
from ..contact.bizuno_account_search_mixin import BizunoAccountSearchMixin

_FIELD_OF_MODEL = {"sale.order": "order_id", "account.move": "move_id"}
_EDITORS = "bizuno_crm.group_customer_edit"


class BizunoCreditWait(models.Model):
    """The hold desk: a quotation or an invoice that the credit policy has stopped and that waits
    for an approval, a payment or the release of the account. The system writes it."""

    _name = "bizuno.credit.wait"
    _inherit = [BizunoAccountSearchMixin._name]
    _description = "Document on Hold"
    _order = "date, id"
    _rec_name = "document"

    order_id = fields.Many2one(
        comodel_name="sale.order", string="Quotation", readonly=True, index=True, ondelete="cascade"
    )
    move_id = fields.Many2one(
        comodel_name="account.move", string="Invoice", readonly=True, index=True, ondelete="cascade"
    )
    date = fields.Datetime(string="Since", required=True, readonly=True)
    asked_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Stopped For",
        readonly=True,
        help="The user who tried to confirm or post it; empty if the customer accepted it online.",
    )
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, index=True
    )
    document = fields.Char(required=True, readonly=True)
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", required=True, readonly=True, index=True,
        ondelete="cascade",
    )  # fmt: skip
    user_id = fields.Many2one(comodel_name="res.users", string="Salesperson", readonly=True)
    order_state = fields.Selection(related="order_id.state", string="Quotation's State")
    move_state = fields.Selection(related="move_id.state", string="Invoice's State")
    # What only the present says
    amount_total = fields.Monetary(string="Total", compute="_compute_amount_total")
    currency_id = fields.Many2one(comodel_name="res.currency", compute="_compute_amount_total")
    credit_status = fields.Selection(
        selection=list(credit.STATUSES.items()), compute="_compute_credit"
    )
    credit_message = fields.Char(string="Why", compute="_compute_credit")
    can_approve = fields.Boolean(compute="_compute_credit")
    can_release = fields.Boolean(compute="_compute_credit")

    @api.depends("order_id.amount_total", "move_id.amount_total")
    def _compute_amount_total(self):
        for wait in self.sudo():
            document = wait._get_document()
            wait.amount_total = document._get_credit_total()
            wait.currency_id = document.currency_id

    @api.depends_context("uid", "lang")
    @api.depends("order_id", "move_id")
    def _compute_credit(self):
        may_release = self.env.user.has_group(_EDITORS)
        # Whoever was refused reads the entry, but need not be able to read the document any more.
        readable = {
            *self.order_id._filtered_access("read"),
            *self.move_id._filtered_access("read"),
        }
        for wait in self:
            # Its own record, which is read together with those of the other entries.
            document = wait._get_document()
            document = document if document in readable else document.browse()
            # The message first: with it comes the status.
            wait.credit_message = document and document.credit_message
            wait.credit_status = document and document.credit_status
            wait.can_approve = bool(
                document and document.is_credit_approval_needed and document.can_approve_credit
            )
            wait.can_release = may_release and wait.credit_status in (credit.LOCKED, credit.HOLD)

    @api.model
    def get_empty_list_help(self, help_message):
        """Where the policy only warns, an empty list does not mean that all customers pay."""
        companies = self.env.companies.sudo()
        if not all(company._get_credit_policy().is_warning_only for company in companies):
            return super().get_empty_list_help(help_message)
        # Odoo reads actions with all rights.
        sees_orders = self.env["sale.order"].with_user(self.env.uid).has_access("read")
        return messages.nothing_stopped(self.env, with_link=sees_orders)

    @api.model
    @api.readonly
    def web_search_read(
        self, domain, specification, offset=0, limit=None, order=None, count_limit=None
    ):
        """As Odoo's. Whether an entry still waits its quotation or invoice says, of which there are
        many: they are looked at once, for the rows of the page and their number together."""
        return search_read_counted(self, domain, specification, offset, limit, order, count_limit)

    def _get_document(self):
        self.ensure_one()
        return self.move_id or self.order_id

    @api.model
    def _get_open_domain(self):
        """:return: those that still wait"""
        return Domain("order_state", "in", ("draft", "sent")) | Domain("move_state", "=", "draft")

    @api.model
    def _add(self, document, user):
        """Put a document on the list, once.

        :param user: `res.users` who was refused; none for a customer on line
        """
        name = _FIELD_OF_MODEL[document._name]
        waits = self.sudo()
        known = waits.search([(name, "=", document.id)], limit=1)
        values = {
            name: document.id,
            "document": document.sudo()._get_credit_name(),
            "asked_by_id": user.id,
            "company_id": document.company_id.id,
            "partner_id": document[document._credit_customer_path].sudo().commercial_partner_id.id,
            "user_id": document._get_credit_salesperson().id,
        }
        if known:
            known.write(values)
        else:
            waits.create({**values, "date": fields.Datetime.now()})

    @api.model
    def _remove(self, document):
        """Take a document off the list, and tell whoever was refused.

        :return: `res.users`
        """
        waits = self.sudo().search([(_FIELD_OF_MODEL[document._name], "=", document.id)])
        users = waits.asked_by_id
        waits.unlink()
        return users

    @api.model
    def _remove_released(self, customers):
        """Take off the list what nothing stops any more, and tell whoever was refused.

        :param customers: `res.partner` whose accounts were released
        """
        waits = self.sudo().search(
            Domain("partner_id", "in", customers.ids)
            | Domain("order_id.partner_id.commercial_partner_id", "in", customers.ids)
        )
        for documents in (waits.order_id, waits.move_id):
            documents.invalidate_recordset(["credit_status"], flush=False)
        for wait in waits:
            document = wait._get_document()
            if document.credit_status in credit.STOPPED:
                continue
            document.message_post(
                author_id=self.env.user.partner_id.id,
                partner_ids=(wait.asked_by_id - self.env.user).partner_id.ids,
                body=messages.credit_released(self.env, document._get_credit_name()),
                subtype_xmlid="mail.mt_note",
            )
            wait.unlink()

    def action_open(self):
        """Open the document.

        :return: a window action
        """
        self.ensure_one()
        self.check_access("read")
        return form_of(self._get_document())

    def action_approve(self):
        """The dialog in which a credit approver lets these documents pass.

        :return: a window action
        :raise UserError: for anybody else
        """
        self.check_access("read")
        if len(self) == 1:
            return self._get_document().action_approve_credit()
        return self.env["bizuno.credit.approval"]._open_wizard(
            self[:1]._get_document(), default_wait_ids=self.ids
        )

    def action_release(self):
        """The dialog in which the accounts of the customers are released from hold or lock.

        :return: a window action
        :raise AccessError: without the right to change the customer's account
        :raise UserError: if none of them is on hold or locked
        """
        self.check_access("read")
        customers = self.partner_id.filtered("account_restriction")
        customers = (
            self.order_id.partner_id.commercial_partner_id.filtered("account_restriction")
            | customers
        )
        if not customers:
            raise UserError(messages.credit_release_not_needed(self.env, self.partner_id))
        action = customers[0]._get_account_dialog(
            "bizuno.account.status.wizard", self.env._("Release"), self.env._("Status")
        )
        return {
            **action,
            "context": {
                "default_partner_id": customers[0].id,
                "default_partner_ids": customers.ids,
                "default_status": "active",
            },
        }

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        return withhold(super().fields_get(allfields, attributes), ("move_state", "order_state"))
