from odoo import models


class IrActionsReport(models.Model):
    # Statements of many customers are printed a few at a time; long lists without style sheets.

    _inherit = "ir.actions.report"

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        prepare = super()._render_qweb_pdf_prepare_streams
        statements = self.env["bizuno.statement"]
        if not res_ids or self._get_report(report_ref).model != statements._name:
            return prepare(report_ref, data, res_ids)
        streams = {}
        for part in statements.browse(res_ids)._split_to_print():
            streams.update(prepare(report_ref, data, part.ids))
        return streams

    def _get_layout(self):
        lists = ("bizuno.aged.receivable.report", "bizuno.aged.payable.report")
        if self.model in lists and self.report_name.startswith("bizuno_crm."):
            return self.env.ref("bizuno_crm.report_list_layout")
        return super()._get_layout()
