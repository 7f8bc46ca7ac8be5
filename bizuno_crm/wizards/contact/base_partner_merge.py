from ast import literal_eval

from odoo import fields, models

from ... import messages
from ...models.contact.bizuno_contact_role_mixin import ROLE_FIELDS
from ...models.contact.res_partner import RESTRICTION

# Odoo merges no more contacts at once.
AT_ONCE = 3


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    # What belongs together stays together in any merge; and Odoo's merge is a way through the
    # Contact ID conflicts: each is shown, merged or skipped, and the next one comes. The first
    # holder of the ID is proposed as the contact that stays.

    _inherit = "base.partner.merge.automatic.wizard"

    is_contact_id_conflict = fields.Boolean(readonly=True)

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        # Odoo fills in what is blank field by field, by SQL and by write: what belongs together
        # must be known as it was before.
        partners = self.env["res.partner"].browse(partner_ids).exists().sudo()
        before = {
            partner.id: {
                "account": partner._get_account()
                if partner == partner.commercial_partner_id
                else None,
                "restriction": {name: partner[name] for name in RESTRICTION},
                "newsletter": partner._get_newsletter_choice(),
            }
            for partner in partners
        }
        merge = super(
            BasePartnerMergeAutomaticWizard, self.with_context(merged_contacts=before)
        )._merge
        accounts = partners + partners.commercial_partner_id + partners.parent_id
        return self.env["res.partner"]._keep_within_limits(
            lambda: merge(partner_ids, dst_partner=dst_partner, extra_checks=extra_checks),
            accounts.commercial_partner_id + accounts,
        )

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
        before = self.env.context["merged_contacts"]
        kept = dst_partner.sudo()
        contact_id = next((p.ref for p in src_partners if p.ref), False)
        values = {
            name: True
            for name in ROLE_FIELDS
            if name != "role_user"
            and any((src_partners + dst_partner).sudo().mapped(name))
            and not dst_partner[name]
        }
        if not dst_partner.ref:
            values["ref"] = contact_id
        src_partners.sudo()._drop_contact_id()
        # Which choice is valid is not for Odoo to find out, and when it was made not for a user.
        (src_partners + dst_partner).sudo()._forget_newsletter_choice()
        result = super()._update_values(src_partners, dst_partner)
        kept.write(values)
        self._settle_account(kept, src_partners, before)
        kept._set_newsletter_choice([facts["newsletter"] for facts in before.values()])
        return result

    def _settle_account(self, kept, src_partners, before):
        """:param dict before: {id of a contact: what `_merge` has seen}"""
        owner = kept.commercial_partner_id
        account = before[kept.id]["account"] if owner == kept else owner._get_account()
        account = account or kept._get_no_account()
        # The last one comes first, as it does with Odoo.
        for source in reversed(src_partners):
            if other := before[source.id]["account"]:
                account = kept._unite_accounts(account, other)
        kept._write_changes(before[kept.id]["restriction"])
        owner._set_account(account)
        family = kept.with_context(active_test=False).search([("id", "child_of", kept.ids)])
        family._copy_account()

    def _open_contact_id_conflicts(self, groups):
        """
        :param groups: lists of the ids of contacts, the one to keep first
        :return: the action of the dialog with the first of them
        """
        wizard = self.create(
            {
                "is_contact_id_conflict": True,
                "number_group": len(groups),
                "line_ids": [
                    fields.Command.create({"min_id": number, "aggr_ids": str(ids)})
                    for number, ids in enumerate(groups)
                ],
            }
        )
        return wizard._action_next_screen()

    def _action_next_screen(self):
        if not self.is_contact_id_conflict:
            return super()._action_next_screen()
        partners = self._next_contact_id_conflict()
        if not partners:
            return {
                "type": "ir.actions.client",
                "tag": "display_notification",
                "params": {
                    "type": "success",
                    "message": messages.contact_id_conflicts_done(self.env),
                    "next": {"type": "ir.actions.act_window_close"},
                },
            }
        action = super()._action_next_screen()
        self.write(
            {
                "partner_ids": [fields.Command.set(partners[:AT_ONCE].ids)],
                "dst_partner_id": partners[:1].id,
                "number_group": len(self.line_ids),
            }
        )
        return {**action, "name": self.env._("Contact ID Conflicts")}

    def _next_contact_id_conflict(self):
        """Drop the lines that are done with. One with more contacts than Odoo merges at once comes
        again, with those that are left.

        :return: the contacts of the first line that is not
        """
        for line in self.line_ids:
            partners = self.partner_ids.browse(literal_eval(line.aggr_ids)).exists()
            if len(partners) > 1:
                line.aggr_ids = str(partners.ids)
                if len(partners) > AT_ONCE:
                    line.copy()
                return partners
            line.unlink()
        return self.partner_ids.browse()
