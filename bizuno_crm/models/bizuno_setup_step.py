from odoo import fields, models


class BizunoSetupStep(models.Model):
    """A step after the installation that somebody has done or skipped: the dashboard does not show
    it any more. Written by the dashboard alone."""

    _name = "bizuno.setup.step"
    _description = "First Step"
    _order = "id"

    code = fields.Char(required=True, readonly=True)
    state = fields.Selection(
        selection=[("done", "Done"), ("skipped", "Skipped")], required=True, readonly=True
    )
    company_id = fields.Many2one(
        "res.company",
        readonly=True,
        ondelete="cascade",
        help="Empty: the step concerns all companies at once.",
    )

    _code_unique = models.UniqueIndex(
        "(code, COALESCE(company_id, 0))",
        "This step is settled already.",
    )
