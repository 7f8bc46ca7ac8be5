from odoo import api, fields, models


class BizunoAgedVendor(models.Model):
    """The open items of `bizuno.aged.payable` summed up by vendor."""

    _name = "bizuno.aged.vendor"
    _inherit = ["bizuno.aged.partner.mixin"]
    _description = "Aged Payables of a Vendor"
    _auto = False
    _item_model = "bizuno.aged.payable"
    _report_model = "bizuno.aged.payable.report"
    _items_action = "bizuno_crm.bizuno_aged_payable_action_documents"

    partner_id = fields.Many2one(string="Vendor")
    unapplied = fields.Monetary(help="Payments made that are not matched with a bill.")

    @api.model
    def _get_nobody(self):
        return self.env._("No vendor")
