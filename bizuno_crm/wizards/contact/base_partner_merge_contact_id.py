from ast import literal_eval

from odoo import fields, models

from ... import messages

# Odoo merges no more contacts at once.
AT_ONCE = 3


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    # Odoo's merge as a way through the Contact ID conflicts: each is shown, merged or skipped, and
    # the next one comes. The first holder of the ID is proposed as the contact that stays.

    _inherit = "base.partner.merge.automatic.wizard"

    is_contact_id_conflict = fields.Boolean(readonly=True)

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
        action = wizard._action_next_screen()
        return {**action, "name": self.env._("Contact ID Conflicts")}

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
        return action

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
