from odoo import models

from ..models.res_partner_roles import ROLE_FIELDS

# A contact that stays keeps the strictest of the merged accounts' restrictions.
STRICTEST_FIRST = ("locked", "hold")


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _update_values(self, src_partners, dst_partner):
        """Odoo writes the values of the contacts that go to the one that stays while both exist:
        a Contact ID would be there twice, and the roles are not this user's to give."""
        merged = (src_partners + dst_partner).sudo()
        contact_id = next((p.ref for p in src_partners if p.ref), False)
        roles = {
            name: True
            for name in ROLE_FIELDS
            if name != "role_user" and any(merged.mapped(name)) and not dst_partner[name]
        }
        restrictions = set(merged.mapped("account_restriction"))
        values = {
            **roles,
            "account_restriction": next(
                (status for status in STRICTEST_FIRST if status in restrictions), False
            ),
        }
        if not dst_partner.ref:
            values["ref"] = contact_id
        src_partners.sudo()._drop_contact_id()
        result = super()._update_values(src_partners, dst_partner)
        dst_partner.sudo().write(values)
        return result
