from odoo import fields, models


class ResPartner(models.Model):
    """Credit hold and lock."""

    _inherit = "res.partner"

    account_status_reason = fields.Char(string="Reason of Status", copy=False, tracking=True)
