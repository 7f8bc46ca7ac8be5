from odoo import api, models
from odoo.exceptions import AccessError, UserError

from ... import messages
from ...logic.forms import form_of


class BizunoDocumentRowMixin(models.AbstractModel):
    """A row that a query makes of a document, and that a click opens."""

    _name = "bizuno.document.row.mixin"
    _inherit = ["bizuno.query.row.mixin"]
    _description = "Row about a Document"

    @api.model
    def search_fetch(self, domain, field_names=None, offset=0, limit=None, order=None):
        # The cache of these rows would outlive what they are computed from: whoever looks them up
        # gets them as they are now. What is read of rows that were found stays with them.
        self.invalidate_model(flush=False)
        if field_names is not None and "company_id" not in field_names:
            # The record rules look at it: it would be read by a query of its own.
            field_names = [*field_names, "company_id"]
        return super().search_fetch(domain, field_names, offset, limit, order)

    def action_open_document(self):
        """Open the document behind the row, in its own form.

        :return: a window action
        :raise AccessError: for who sees the row, but may not read the document
        """
        return form_of(self._get_readable_document())

    def action_print_document(self):
        """Print the document behind the row, as its own form does.

        :return: the action that makes the PDF
        :raise UserError: for a journal entry, which is no paper
        :raise AccessError: for who sees the row, but may not read the document
        """
        document = self._get_readable_document()
        if document._name == "sale.order":
            return self.env.ref("sale.action_report_saleorder").report_action(document)
        if document._name == "account.payment":
            report = self.env.ref("account.action_report_payment_receipt")
            return report.report_action(document)
        if not document.is_invoice(include_receipts=True):
            raise UserError(messages.document_without_paper(self.env, document))
        return document.action_print_pdf()

    def action_pay_document(self):
        """Register a payment of the invoice behind the row.

        :return: the action that opens Odoo's *Register Payment*
        :raise AccessError: without Odoo's right to register payments
        """
        self.ensure_one()
        self.check_access("read")
        self.env["account.payment"].check_access("create")
        action = self._get_document().action_register_payment()
        # Back to the list, as from the invoice, not on to the payment.
        return {**action, "context": {**action["context"], "dont_redirect_to_payments": True}}

    def _get_document(self):
        return self.move_id

    def _get_readable_document(self):
        self.ensure_one()
        self.check_access("read")
        document = self._get_document()
        if not document.has_access("read"):
            raise AccessError(messages.document_not_readable(self.env, document))
        return document
