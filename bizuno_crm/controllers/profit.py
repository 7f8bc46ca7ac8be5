from odoo.http import Controller, request, route

from ..reports.profit import project_portfolio_xlsx, project_profit_xlsx
from . import workbook


class ProfitController(Controller):
    """Downloads of the profit and loss of projects."""

    @route("/bizuno_crm/project_profit/<int:project_id>.xlsx", type="http", auth="user")
    def project_profit_xlsx(self, project_id):
        """The XLSX of a project, read as the user: access is checked here, not only on the
        button."""
        project = request.env["bizuno.project"].browse(project_id).exists()
        if not project:
            return request.not_found()
        project.check_access("read")
        project._check_profit_visible()
        return workbook.send(
            lambda stream: project_profit_xlsx.write(project, stream), project._get_profit_title()
        )

    @route("/bizuno_crm/project_portfolio/<int:report_id>.xlsx", type="http", auth="user")
    def project_portfolio_xlsx(self, report_id):
        """The XLSX of all projects, as its maker has set it up: access is checked as above."""
        report = request.env["bizuno.project.portfolio"].browse(report_id).exists()
        if not report:
            return request.not_found()
        report._check_sight()
        return workbook.send(
            lambda stream: project_portfolio_xlsx.write(report, stream), report._get_title()
        )
