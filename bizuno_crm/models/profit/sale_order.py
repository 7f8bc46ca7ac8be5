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
        return {**values, **self._prepare_projects_of(base_line)}

    def _prepare_projects_of(self, base_line):
        """
        :param base_line: what Odoo has summed up lines of this order to
        :return: values of a new line for them: the projects they are on, or that they are on none
        """
        distribution = project_lines.rounded(
            base_line["analytic_distribution"],
            self.env["decimal.precision"].precision_get("Percentage Analytic"),
        )
        account_ids = project_lines.find_account_ids(distribution)
        if self.env["bizuno.project"]._find_by_accounts(account_ids):
            return {"analytic_distribution": distribution}
        return {"bizuno_project_id": False} if self.bizuno_project_id else {}

    def _create_invoices(self, grouped=False, final=False, date=None):
        invoices = super()._create_invoices(grouped=grouped, final=final, date=date)
        for invoice in invoices:
            invoice._take_off_mixed(invoice.sudo().invoice_line_ids.sale_line_ids.order_id)
        return invoices
