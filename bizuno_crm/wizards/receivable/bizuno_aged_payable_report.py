from odoo import fields, models


class BizunoAgedPayableReport(models.TransientModel):
    """As the report of aged receivables, of vendors."""

    _name = "bizuno.aged.payable.report"
    _inherit = "bizuno.aged.receivable.report"
    _description = "Aged Payables Report"
    _item_model = "bizuno.aged.payable"
    _partner_model = "bizuno.aged.vendor"
    _items_action = "bizuno_crm.bizuno_aged_payable_action_documents"
    _partners_action = "bizuno_crm.bizuno_aged_vendor_action"
    _items_by_partner_view = "bizuno_crm.bizuno_aged_payable_view_list_by_vendor"
    _print_action = "bizuno_crm.report_aged_payable"
    _xlsx_route = "/bizuno_crm/aged_payable"

    partner_ids = fields.Many2many(string="Vendors")
    detail = fields.Selection(
        selection=[("detail", "Every Document"), ("summary", "One Line per Vendor")]
    )
    hide_zero = fields.Boolean(help="Leave out vendors whose balance is zero.")

    def _get_title(self):
        self.ensure_one()
        return self.env._(
            "Aged Payables as of %(date)s",
            date=self.env["ir.qweb.field.date"].value_to_html(self.date, {}),
        )

    def _get_no_customer_label(self):
        return self.env._("No vendor")

    def _get_own_label(self):
        return self.env._("Your contacts only")

    def _get_partners_label(self):
        return self.env._("Vendors")

    def _get_not_all_label(self):
        return self.env._("Not all vendors: only those searched or ticked on the page")

    def _get_sheet_labels(self):
        return (
            self.env._("Vendor"),
            self.env._("Vendor Reference"),
            self.env._("Payable accounts in the ledger"),
            self.env._("Open items of all vendors"),
            self.env._("For all vendors, not only those above"),
        )
