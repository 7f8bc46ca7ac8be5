from odoo import api, fields, models

from .bizuno_aged_page_mixin import AS_OF


class BizunoAgedCustomer(models.Model):
    """The open items of `bizuno.aged.receivable` summed up by customer."""

    _name = "bizuno.aged.customer"
    _inherit = ["bizuno.aged.partner.mixin", "bizuno.aged.collection.mixin"]
    _description = "Aged Receivables of a Customer"
    _auto = False
    _item_model = "bizuno.aged.receivable"
    _report_model = "bizuno.aged.receivable.report"
    _items_action = "bizuno_crm.bizuno_aged_receivable_action_documents"

    partner_id = fields.Many2one(string="Customer")
    unapplied = fields.Monetary(help="Payments received that are not matched with an invoice.")
    amount_disputed = fields.Monetary(
        string="In Dispute",
        readonly=True,
        depends_context=AS_OF,
        help="The part of the total that the customer is not asked to pay: documents marked “No "
        "Follow-Up”.",
    )

    @api.model
    def _get_nobody(self):
        return self.env._("No customer")
