from odoo import api, fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    credit_policy = fields.Selection(
        related="company_id.credit_policy", readonly=False, required=True
    )
    hold_policy = fields.Selection(related="company_id.hold_policy", readonly=False, required=True)
    credit_scope = fields.Selection(
        related="company_id.credit_scope", readonly=False, required=True
    )
    credit_root_id = fields.Many2one(comodel_name="res.company", compute="_compute_credit_root_id")

    @api.depends("company_id")
    def _compute_credit_root_id(self):
        for settings in self:
            settings.credit_root_id = settings.company_id._get_credit_root()
