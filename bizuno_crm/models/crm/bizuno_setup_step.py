from odoo import api, fields, models, tools


class BizunoSetupStep(models.Model):
    """A step after the installation that somebody has done or skipped: the dashboard does not show
    it any more. Written by the dashboard alone."""

    _name = "bizuno.setup.step"
    _inherit = ["bizuno.remembered.mixin"]
    _description = "First Step"
    _order = "id"

    code = fields.Char(required=True, readonly=True)
    state = fields.Selection(
        selection=[("done", "Done"), ("skipped", "Skipped")], required=True, readonly=True
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        readonly=True,
        ondelete="cascade",
        help="If empty, the step applies to all companies.",
    )

    _code_unique = models.UniqueIndex(
        "(code, COALESCE(company_id, 0))",
        "This step has already been completed or skipped.",
    )

    @api.model
    @tools.ormcache("company_id")
    def _get_settled_codes(self, company_id):
        """:return: the steps that were done or skipped in this company, or for all at once"""
        steps = self.sudo().search_fetch([("company_id", "in", (False, company_id))], ["code"])
        return frozenset(steps.mapped("code"))
