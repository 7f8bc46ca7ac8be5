from odoo import models

from ..models.res_partner_account_rights import strictness_of
from ..models.res_partner_roles import ROLE_FIELDS


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        # The first step that knows which contact stays; what it copies later is copied by SQL.
        if not self.env.su:
            src_partners._check_account_merge(dst_partner)
        return super()._update_foreign_keys(src_partners, dst_partner)

    def _update_values(self, src_partners, dst_partner):
        """Odoo writes the values of the contacts that go to the one that stays while both exist:
        a Contact ID would be there twice, and the roles are not this user's to give."""
        # Odoo's SQL has just filled what depends on the company.
        dst_partner.invalidate_recordset()
        merged = (src_partners + dst_partner).sudo()
        contact_id = next((p.ref for p in src_partners if p.ref), False)
        values = {
            name: True
            for name in ROLE_FIELDS
            if name != "role_user" and any(merged.mapped(name)) and not dst_partner[name]
        }
        if not dst_partner.ref:
            values["ref"] = contact_id
        own = _get_restriction(merged[-1])
        strictest = _get_restriction(min(reversed(merged), key=_strictness))
        src_partners.sudo()._drop_contact_id()
        result = super()._update_values(src_partners, dst_partner)
        merged[-1].write({**values, **own})
        # The account may be the company's of which the contact is one.
        account = merged[-1].commercial_partner_id
        if strictness_of(strictest["account_restriction"]) < _strictness(account):
            account.write(strictest)
        return result


def _strictness(partner):
    return strictness_of(partner.account_restriction)


def _get_restriction(partner):
    return {name: partner[name] for name in ("account_restriction", "account_status_reason")}
