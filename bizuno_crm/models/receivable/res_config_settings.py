from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    aging_basis = fields.Selection(related="company_id.aging_basis", readonly=False, required=True)
    aging_reps_see_own = fields.Boolean(related="company_id.aging_reps_see_own", readonly=False)
    commission_basis = fields.Selection(
        related="company_id.commission_basis", readonly=False, required=True
    )
