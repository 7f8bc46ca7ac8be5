from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    credit_policy = fields.Selection(
        related="company_id.credit_policy", readonly=False, required=True
    )
    hold_policy = fields.Selection(related="company_id.hold_policy", readonly=False, required=True)
    credit_scope = fields.Selection(
        related="company_id.credit_scope", readonly=False, required=True
    )
