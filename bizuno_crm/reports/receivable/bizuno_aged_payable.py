from odoo import api, fields, models

from ... import messages


class BizunoAgedPayable(models.Model):
    """The open items of all vendors: bills, refunds, instalments, entries and payments. What we owe
    is positive."""

    _name = "bizuno.aged.payable"
    _inherit = ["bizuno.aged.item.mixin"]
    _description = "Aged Payable"
    _auto = False
    _account_type = "liability_payable"
    _item_model = "bizuno.aged.payable"
    _partner_model = "bizuno.aged.vendor"
    _report_model = "bizuno.aged.payable.report"

    partner_id = fields.Many2one(string="Vendor")
    customer_reference = fields.Char(string="Vendor Reference")
    days_late = fields.Integer(help="A refund or a payment is never late.")
    unapplied = fields.Monetary(help="Payments made that are not matched with a bill.")

    @api.model
    def _sees_all(self):
        user = self.env.user
        return self.env.su or (
            self.has_access("read") and not user.has_group("bizuno_crm.group_own_contacts_only")
        )

    @api.model
    def _get_visible_companies(self):
        return self.env.companies if self.has_access("read") else self.env["res.company"]

    @api.model
    def _get_refusal(self):
        if self._get_visible_companies():
            return False
        return messages.payables_not_allowed(self.env)

    @api.model
    def _get_hint(self):
        return False if self._sees_all() else messages.payables_of_own_contacts(self.env)
