from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        # The merge re-points by SQL: what the entries derive from their contact follows.
        result = super()._update_foreign_keys(src_partners, dst_partner)
        log = self.env["bizuno.contact.log"].sudo()
        self.env.add_to_compute(
            log._fields["commercial_partner_id"], log.search([("partner_id", "=", dst_partner.id)])
        )
        return result
