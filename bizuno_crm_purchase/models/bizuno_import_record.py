from odoo import models


class BizunoImportRecord(models.Model):
    # Purchase orders are among what is brought over.

    _inherit = "bizuno.import.record"

    def _is_begun(self, record):
        if record._name == "purchase.order":
            return any(record.order_line.mapped("qty_received"))
        return super()._is_begun(record)

    def _make_deletable(self, records):
        if records._name == "purchase.order":
            records._cancel_for_bizuno()
        return super()._make_deletable(records)
