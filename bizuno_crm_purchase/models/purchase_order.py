from odoo import api, fields, models
from odoo.addons.bizuno_crm import messages
from odoo.addons.bizuno_crm.models.importer.importer import Importer


class PurchaseOrder(models.Model):
    # What is bought for a project goes with it to the bills.

    _name = "purchase.order"
    _inherit = ["bizuno.project.document.mixin", "purchase.order"]

    _project_lines = "order_line"

    # Named here, so that their columns go with this addon.
    bizuno_project_id = fields.Many2one()
    bizuno_project_passed_on = fields.Json()

    @api.model
    def default_get(self, fields):  # pylint: disable=redefined-outer-name
        # What a page offers for its quotations goes with its buttons into the orders that the stock
        # makes, for others as well.
        context = dict(self.env.context)
        context.pop("default_bizuno_project_id", None)
        self = self.with_context(context)  # pylint: disable=context-overridden
        return super().default_get(fields)

    def _is_project_of_customer(self):
        # Who it is bought from is not who the project is for.
        return False

    def _get_project_refusal(self):
        return messages.project_of_locked_order(self.env, self) if self.locked else False

    def _add_supplier_to_product(self):
        # What a vendor charges is what the price sheets of Bizuno say: an order of old adds
        # nothing to it.
        if isinstance(self.env.context.get("bizuno_import"), Importer):
            return None
        return super()._add_supplier_to_product()

    def _approval_allowed(self):
        # Whoever had to agree to an order of old did so in Bizuno.
        return (
            isinstance(self.env.context.get("bizuno_import"), Importer)
            or super()._approval_allowed()
        )

    def _cancel_for_bizuno(self):
        """Cancel what was brought over and nobody has used, locked or not."""
        self.button_unlock()
        self.button_cancel()

    def _prepare_invoice(self):
        return {**super()._prepare_invoice(), "bizuno_project_id": self.bizuno_project_id.id}

    def action_create_invoice(self, attachment_ids=False):
        before = self.invoice_ids
        orders = self._carry_projects()
        result = super(PurchaseOrder, orders).action_create_invoice(attachment_ids)
        for bill in self.invoice_ids - before:
            bill._take_off_mixed(bill.sudo().invoice_line_ids.purchase_line_id.order_id)
        return result
