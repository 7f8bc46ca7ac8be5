from odoo import api, models

from .purchases import Purchases


class BizunoImportRun(models.Model):
    # What is bought comes over, too.

    _inherit = "bizuno.import.run"

    @api.model
    def _get_purchases(self):
        return Purchases
