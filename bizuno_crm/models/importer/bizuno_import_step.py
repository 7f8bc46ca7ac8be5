from odoo import fields, models


class BizunoImportStep(models.Model):
    """A step that a run in the background has done, or a part of it: kept in the transaction in
    which it was done, so that a run that was interrupted goes on behind it."""

    _name = "bizuno.import.step"
    _description = "Step of a Move from Bizuno"
    _order = "id"

    run_id = fields.Many2one(
        comodel_name="bizuno.import.run",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(comodel_name="res.company", related="run_id.company_id")
    name = fields.Char(required=True, readonly=True)
    counts = fields.Json(readonly=True)
    problems = fields.Json(readonly=True)
    rest = fields.Json(readonly=True, help="What the next piece needs; empty when all is done.")

    _name_unique = models.UniqueIndex("(run_id, name)", "This step has already been done.")
