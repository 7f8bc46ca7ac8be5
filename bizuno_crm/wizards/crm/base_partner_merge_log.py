from odoo import models

from ...models.crm.bizuno_lead_mixin import OF_LEAD


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _update_values(self, src_partners, dst_partner):
        if self.env.context.get("merge_of") is OF_LEAD:
            # What the customer is, a company or a person, and whose, is nothing that it lacks. Not
            # by our own `write`: nobody leaves an account who is about to be gone.
            place = {"is_company": dst_partner.is_company, "parent_id": False}
            if dst_partner.is_company:
                place["function"] = False
            models.Model.write(src_partners.sudo(), place)
        return super()._update_values(src_partners, dst_partner)

    def _update_foreign_keys(self, src_partners, dst_partner):
        # The merge re-points by SQL: what the entries derive from their contact follows.
        result = super()._update_foreign_keys(src_partners, dst_partner)
        log = self.env["bizuno.contact.log"].sudo()
        self.env.add_to_compute(
            log._fields["commercial_partner_id"], log.search([("partner_id", "=", dst_partner.id)])
        )
        return result
