from odoo.http import Controller, request, route

from ..reports.receivable import aged_receivable_xlsx
from . import workbook


class AgingController(Controller):
    """Downloads of the aged receivables and payables."""

    @route("/bizuno_crm/aged_receivable/<int:report_id>.xlsx", type="http", auth="user")
    def aged_receivable_xlsx(self, report_id):
        """The XLSX of a report that the user has set up.

        The report belongs to who made it, and its rows are read as that user: access to both is
        checked here, not only on the button.
        """
        return self._send_xlsx("bizuno.aged.receivable.report", report_id)

    @route("/bizuno_crm/aged_payable/<int:report_id>.xlsx", type="http", auth="user")
    def aged_payable_xlsx(self, report_id):
        """As that of the aged receivables."""
        return self._send_xlsx("bizuno.aged.payable.report", report_id)

    def _send_xlsx(self, model, report_id):
        report = request.env[model].browse(report_id).exists()
        if not report:
            return request.not_found()
        report.check_access("read")
        report._check_sight()
        return workbook.send(
            lambda stream: aged_receivable_xlsx.write(report, stream), report._get_title()
        )
