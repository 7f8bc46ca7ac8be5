from odoo import models


class MailThread(models.AbstractModel):
    # A conversation about a customer whom its reader may not see any more.

    _inherit = "mail.thread"

    def _message_get_suggested_recipients_batch(self, *args, **kwargs):
        """An own order or project stays its rep's when the customer goes to a colleague. Odoo reads
        that customer for whom to write to, and its page would open with a refusal: such contacts
        are not suggested instead."""
        is_limited = self.env.user.has_group("bizuno_crm.group_own_contacts_only")
        # With `no_create=False` it makes contacts, which is the user's own right or not.
        if self.env.su or not is_limited or not kwargs.get("no_create", True):
            return super()._message_get_suggested_recipients_batch(*args, **kwargs)
        suggestions = super(MailThread, self.sudo())._message_get_suggested_recipients_batch(
            *args, **kwargs
        )
        wanted = [
            recipient["partner_id"] for suggested in suggestions.values() for recipient in suggested
        ]
        seen = self.env["res.partner"].with_context(active_test=False)
        seen = {False, *seen.search([("id", "in", wanted)]).ids}
        return {
            record_id: [recipient for recipient in suggested if recipient["partner_id"] in seen]
            for record_id, suggested in suggestions.items()
        }
