from odoo import api, models

from ..base.withhold import TECHNICAL, withhold


class ResUsers(models.Model):
    # A login has the fields of its contact.

    _inherit = "res.users"

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        return withhold(super().fields_get(allfields, attributes), TECHNICAL)
