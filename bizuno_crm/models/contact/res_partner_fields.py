from odoo import api, models

from ..base.withhold import TECHNICAL, withhold


class ResPartner(models.Model):
    # Which fields of a contact people are offered in custom filters, groups and exports.

    _inherit = "res.partner"

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        return withhold(super().fields_get(allfields, attributes), TECHNICAL)
