from collections.abc import Collection

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.orm.domains import DomainAnd, DomainCondition

from ... import messages


class BizunoDocumentRowMixin(models.AbstractModel):
    """A row that a query makes of a document, and that a click opens."""

    _name = "bizuno.document.row.mixin"
    _description = "Row about a Document"

    # {field: context key}: what a domain says about the field is put into the query itself, under
    # that key. That takes away only rows which the domain takes away anyway.
    _row_narrowing = {}

    @api.model
    def search_fetch(self, domain, field_names=None, offset=0, limit=None, order=None):
        # The cache of these rows would outlive what they are computed from: whoever looks them up
        # gets them as they are now. What is read of rows that were found stays with them.
        self.invalidate_model(flush=False)
        if field_names is not None and "company_id" not in field_names:
            # The record rules look at it: it would be read by a query of its own.
            field_names = [*field_names, "company_id"]
        return super().search_fetch(domain, field_names, offset, limit, order)

    @api.model
    def _search(self, domain, *args, **kwargs):
        domain = Domain(domain)
        return super(BizunoDocumentRowMixin, self._narrowed(domain))._search(
            domain, *args, **kwargs
        )

    @api.model
    def _narrowed(self, domain):
        """The model with what a domain says about the fields of `_row_narrowing` in its context,
        where it saves reading whole tables."""
        found = self._get_ids_named(domain)
        # What the search of another model, that a domain has in it, was narrowed to is not for this
        # one: all the keys are set.
        narrowing = {key: found.get(name) for name, key in self._row_narrowing.items()}
        is_new = any(self.env.context.get(key) != ids for key, ids in narrowing.items())
        return self.with_context(**narrowing) if is_new else self

    @api.model
    def _get_ids_named(self, domain):
        """:return: {field: the ids that a domain leaves}, of the fields of `_row_narrowing`"""
        conditions = domain.children if isinstance(domain, DomainAnd) else (domain,)
        found = {}
        for condition in conditions:
            if (
                not isinstance(condition, DomainCondition)
                or condition.field_expr not in self._row_narrowing
            ):
                continue
            value = condition.value
            ids = [value] if condition.operator == "=" else value
            if (
                condition.operator in ("in", "=")
                and isinstance(ids, Collection)
                and all(type(one) is int for one in ids)
            ):
                found[condition.field_expr] = tuple(ids)
        return found

    @api.model
    def _get_narrowing(self, key):
        """:return: the ids that `_narrowed` has put under a context key; anything else that is
        found there comes from elsewhere and says nothing"""
        ids = self.env.context.get(key)
        return ids if isinstance(ids, tuple) and all(type(one) is int for one in ids) else None

    def action_open_document(self):
        """Open the document behind the row, in its own form.

        :return: a window action
        """
        self.ensure_one()
        self.check_access("read")
        document = self._get_document()
        return {
            "type": "ir.actions.act_window",
            "res_model": document._name,
            "res_id": document.id,
            "views": [(False, "form")],
        }

    def action_print_document(self):
        """Print the document behind the row, as its own form does.

        :return: the action that makes the PDF
        :raises UserError: for a journal entry, which is no paper
        """
        self.ensure_one()
        self.check_access("read")
        document = self._get_document()
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
        :raises AccessError: without Odoo's right to register payments
        """
        self.ensure_one()
        self.check_access("read")
        self.env["account.payment"].check_access("create")
        action = self._get_document().action_register_payment()
        # Back to the list, as from the invoice, not on to the payment.
        return {**action, "context": {**action["context"], "dont_redirect_to_payments": True}}

    def _get_document(self):
        return self.move_id
