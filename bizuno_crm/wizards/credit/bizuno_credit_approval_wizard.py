from odoo import api, fields, models

from ...models.terms.bizuno_terms_mixin import ACCOUNT_READERS

_FIELD_OF_MODEL = {"sale.order": "order_id", "account.move": "move_id"}


class BizunoCreditApprovalWizard(models.TransientModel):
    """The dialog in which an approver says up to how much, and why: for one document, or for
    several of the hold desk, each up to what it comes to."""

    _name = "bizuno.credit.approval.wizard"
    _description = "Approve Credit"

    res_model = fields.Selection(selection=[("sale.order", "Order"), ("account.move", "Invoice")])
    res_id = fields.Many2oneReference(model_field="res_model")
    wait_ids = fields.Many2many(comodel_name="bizuno.credit.wait", string="On Hold")
    is_single = fields.Boolean(compute="_compute_document")
    document = fields.Char(compute="_compute_document")
    credit_message = fields.Char(compute="_compute_document")
    currency_id = fields.Many2one(comodel_name="res.currency", compute="_compute_document")
    amount_total = fields.Monetary(string="Total", compute="_compute_document")
    company_currency_id = fields.Many2one(comodel_name="res.currency", compute="_compute_document")
    credit_open = fields.Monetary(
        string="Open Balance",
        currency_field="company_currency_id",
        compute="_compute_account",
        groups=ACCOUNT_READERS,
        help="What counts against the limit, excluding this document.",
    )
    credit_limit = fields.Monetary(
        currency_field="company_currency_id",
        compute="_compute_account",
        groups=ACCOUNT_READERS,
    )
    amount = fields.Monetary(
        string="Approve up to",
        compute="_compute_amount",
        store=True,
        readonly=False,
        help="The document's total or, for an order, what is invoiced and left to invoice, if that "
        "is more. A larger amount needs another approval.",
    )
    reason = fields.Char(required=True)

    @api.depends("res_model", "res_id", "wait_ids")
    def _compute_document(self):
        for wizard in self:
            documents = wizard._get_documents()
            document = documents[0] if len(documents) == 1 else None
            wizard.is_single = bool(document)
            wizard.document = ", ".join(record._get_credit_name() for record in documents)
            wizard.credit_message = document and document.credit_message
            wizard.currency_id = document and document.currency_id
            wizard.amount_total = document._get_credit_total() if document else 0.0
            wizard.company_currency_id = document and document.company_id.sudo().currency_id

    @api.depends("res_model", "res_id", "wait_ids")
    def _compute_account(self):
        for wizard in self:
            wizard.credit_open = wizard.credit_limit = 0.0
            if wizard.is_single:
                [document] = wizard._get_documents()
                company = document.company_id
                customer = document[document._credit_customer_path]
                [account] = customer._get_credit_positions(company).values()
                wizard.credit_open, wizard.credit_limit = account.open, account.limit

    @api.depends("res_model", "res_id", "wait_ids")
    def _compute_amount(self):
        for wizard in self:
            documents = wizard._get_documents()
            wizard.amount = documents[0]._get_credit_needed() if len(documents) == 1 else 0.0

    def action_approve(self):
        """Approve the documents, a single one up to the amount.

        :raise AccessError: for anybody but a credit approver
        :raise ValidationError: without a reason or an amount
        """
        self.ensure_one()
        self.env["bizuno.credit.approval"].create(
            [
                {
                    _FIELD_OF_MODEL[document._name]: document.id,
                    "amount": self.amount if self.is_single else document._get_credit_needed(),
                    "reason": self.reason,
                }
                for document in self._get_documents()
            ]
        )
        return {"type": "ir.actions.act_window_close"}

    def _get_documents(self):
        """:return: list of records, of one model or of both"""
        self.ensure_one()
        if self.wait_ids:
            return [wait._get_document() for wait in self.wait_ids]
        if self.res_model and self.res_id:
            return [self.env[self.res_model].browse(self.res_id)]
        return []
