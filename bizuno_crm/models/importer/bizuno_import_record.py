from odoo import fields, models
from odoo.exceptions import RedirectWarning, UserError
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .values import plain


class BizunoImportRecord(models.Model):
    """What a row of Bizuno has become: what was in the row, and what stood in Odoo afterwards, so
    that a later run writes only what has changed in Bizuno, and nothing that a user has changed."""

    _name = "bizuno.import.record"
    _description = "Record from Bizuno"
    _order = "id"

    key = fields.Char(required=True, readonly=True, help="Table and ID in Bizuno.")
    res_model = fields.Char(string="Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        string="Record", model_field="res_model", required=True, readonly=True
    )
    run_id = fields.Many2one(
        comodel_name="bizuno.import.run",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
        help="The run that first moved it.",
    )
    company_id = fields.Many2one(comodel_name="res.company", required=True, readonly=True)
    was_created = fields.Boolean(
        readonly=True, help="The run created the record; otherwise it already existed here."
    )
    given = fields.Json(readonly=True)
    written = fields.Json(readonly=True)
    cells = fields.Json(
        readonly=True, help="The contact as a row of Bizuno's own export, for exporting it back."
    )

    _key_unique = models.UniqueIndex("(company_id, key)", "This row has already been moved.")

    def _is_touched(self):
        """Whether somebody has changed the record since it was brought over, or it is gone."""
        self.ensure_one()
        model = self.env[self.res_model].with_company(self.company_id)
        record = model.with_context(active_test=False).browse(self.res_id).exists()
        return not record or any(
            plain(record, name) != value for name, value in self.written.items()
        )

    def _remove(self):
        """Delete the record that was brought over, unless something needs it."""
        self.ensure_one()
        record = self.env[self.res_model].browse(self.res_id)
        try:
            # That something needs it is no fault: the database says so, and is not logged.
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                if self.res_model == "account.move.line":
                    # An unapplied payment is known by the item that is open.
                    record = record.move_id
                if record._name == "account.move":
                    record.button_draft()
                    record = record.with_context(force_delete=True)
                if record._name == "sale.order" and record.state == "sale":
                    record._action_cancel()
                record.unlink()
                self.env.flush_all()
        except (RedirectWarning, UserError, IntegrityError):
            return
        self.unlink()
