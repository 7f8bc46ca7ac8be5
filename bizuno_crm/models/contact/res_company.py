from odoo import models


class ResCompany(models.Model):
    """The settings of Bizuno CRM, per company."""

    _inherit = "res.company"
