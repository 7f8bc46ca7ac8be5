import tempfile

from odoo.http import Controller, content_disposition, request, route

from ..reports.receivable import aged_receivable_xlsx


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
        # On disk: a report of a million rows must not pass through memory.
        stream = tempfile.TemporaryFile()
        aged_receivable_xlsx.write(report, stream)
        size = stream.tell()
        stream.seek(0)
        name = f"{report._get_title()}.xlsx"
        return request.make_response(
            _chunks(stream),
            headers=[
                (
                    "Content-Type",
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                ),
                ("Content-Length", size),
                ("Content-Disposition", content_disposition(name)),
            ],
        )


def _chunks(stream):
    with stream:
        while block := stream.read(1 << 16):
            yield block
