from odoo import models

from ... import messages
from ...logic import project_lines


class SaleOrder(models.Model):
    # What is sold for a project goes with it to the invoices.

    _name = "sale.order"
    _inherit = ["bizuno.project.document.mixin", "sale.order"]

    _project_lines = "order_line"

    def _get_project_refusal(self):
        # As Odoo refuses the analytic distribution of its lines.
        return messages.project_of_locked_order(self.env, self) if self.locked else False

    def _prepare_invoice(self):
        return {**super()._prepare_invoice(), "bizuno_project_id": self.bizuno_project_id.id}

    def _prepare_down_payment_line_values_from_base_line(self, base_line):
        values = super()._prepare_down_payment_line_values_from_base_line(base_line)
        # It has the distribution of the lines that it is for, even if these are on no project.
        account_ids = project_lines.find_account_ids(values["analytic_distribution"])
        if self.bizuno_project_id and not self.env["bizuno.project"]._find_by_accounts(account_ids):
            values["bizuno_project_id"] = False
        return values

    def _create_invoices(self, grouped=False, final=False, date=None):
        invoices = super()._create_invoices(grouped=grouped, final=final, date=date)
        for invoice in invoices:
            invoice._take_off_mixed(invoice.sudo().invoice_line_ids.sale_line_ids.order_id)
        return invoices
