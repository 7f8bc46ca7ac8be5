from odoo.http import Controller, request, route

from ..reports.profit import project_profit_xlsx
from . import workbook


class ProfitController(Controller):
    """Downloads of the profit and loss of a project."""

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
