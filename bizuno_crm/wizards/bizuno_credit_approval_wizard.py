from odoo import api, fields, models

_FIELD_OF_MODEL = {"sale.order": "order_id", "account.move": "move_id"}


class BizunoCreditApprovalWizard(models.TransientModel):
    """The dialog in which an approver says up to how much, and why."""

    _name = "bizuno.credit.approval.wizard"
    _description = "Approve Credit"

    res_model = fields.Selection(
        selection=[("sale.order", "Order"), ("account.move", "Invoice")], required=True
    )
    res_id = fields.Many2oneReference(model_field="res_model", required=True)
    document = fields.Char(compute="_compute_document")
    credit_message = fields.Char(compute="_compute_document")
    currency_id = fields.Many2one("res.currency", compute="_compute_document")
    amount = fields.Monetary(string="Approve up to", required=True)
    reason = fields.Char(required=True)

    @api.model
    def default_get(self, fields):
        defaults = super().default_get(fields)
        model, res_id = defaults.get("res_model"), defaults.get("res_id")
        if "amount" in fields and model in _FIELD_OF_MODEL and res_id:
            defaults["amount"] = self.env[model].browse(res_id).amount_total
        return defaults

    @api.depends("res_model", "res_id")
    def _compute_document(self):
        for wizard in self:
            document = wizard.res_model and wizard._get_document()
            wizard.document = document and document.display_name
            wizard.credit_message = document and document.credit_message
            wizard.currency_id = document and document.currency_id

    def action_approve(self):
        """Approve the document up to the amount.

        :raise AccessError: for anybody but a credit approver
        :raise ValidationError: without a reason or an amount
        """
        self.ensure_one()
        self.env["bizuno.credit.approval"].create(
            {
                _FIELD_OF_MODEL[self.res_model]: self._get_document().id,
                "amount": self.amount,
                "reason": self.reason,
            }
        )
        return {"type": "ir.actions.act_window_close"}

    def _get_document(self):
        return self.env[self.res_model].browse(self.res_id)
