from odoo import models

from ... import hooks


class BizunoAgedReceivable(models.Model):
    _inherit = "bizuno.aged.receivable"

    def init(self):
        """Odoo calls this with every installation and update."""
        hooks._aging_ensure_index(self.env)
        return super().init()
