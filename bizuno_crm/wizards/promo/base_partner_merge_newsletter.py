from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    # Of the address that a merge leaves behind, a no stays.

    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        partners = self.env["res.partner"].browse(partner_ids).exists().sudo()
        choices = [partner._get_newsletter_choice() for partner in partners]
        result = super()._merge(partner_ids, dst_partner=dst_partner, extra_checks=extra_checks)
        partners._keep_refusals(choices)
        return result
