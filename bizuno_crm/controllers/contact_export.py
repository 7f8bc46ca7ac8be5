from odoo.http import Controller, request, route

from ..reports.importer import contacts_csv
from . import workbook


class ContactExportController(Controller):
    """The download of contacts for Bizuno."""

    @route("/bizuno_crm/contacts/<int:export_id>.csv", type="http", auth="user", readonly=True)
    def contacts_csv(self, export_id):
        """The file of an export that the user has asked for; who may export is checked here, not
        only on the action."""
        export = request.env["bizuno.contact.export"].browse(export_id)
        export._check_allowed()
        if not export.exists():
            raise request.not_found()
        export.check_access("read")
        return workbook.send(
            lambda stream: contacts_csv.write(export, stream), "Contacts", workbook.CSV
        )
