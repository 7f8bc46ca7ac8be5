from odoo import api, models


class BizunoDocumentRowMixin(models.AbstractModel):
    """A row that a query makes of a document, and that a click opens."""

    _name = "bizuno.document.row.mixin"
    _description = "Row about a Document"

    @api.model
    def _search(self, domain, *args, **kwargs):
        # The cache of these rows would outlive what they are computed from.
        self.invalidate_model(flush=False)
        return super()._search(domain, *args, **kwargs)

    def action_open_document(self):
        """Open the document behind the row, in its own form.

        :return: a window action
        """
        self.ensure_one()
        self.check_access("read")
        document = self._get_document()
        return {
            "type": "ir.actions.act_window",
            "res_model": document._name,
            "res_id": document.id,
            "views": [(False, "form")],
        }

    def _get_document(self):
        return self.move_id
