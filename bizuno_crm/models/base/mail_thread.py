from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools.misc import clean_context

from ... import messages


class MailThread(models.AbstractModel):
    # Odoo makes a record of an e-mail as the system, whoever hands the e-mail in: what that record
    # is to hold besides, an alias says, which administrators write, and nobody else.

    _inherit = "mail.thread"

    @api.model
    def message_process(
        self, model, message, custom_values=None, save_original=False, strip_attachments=False,
        thread_id=None,
    ):  # fmt: skip
        process = super().message_process
        # Administrators fetch e-mails by a button, which says in the context from which server.
        if not self.env.su and not self.env.user.has_group("base.group_system"):
            if custom_values:
                raise AccessError(messages.values_beside_email_refused(self.env))
            context = clean_context(self.env.context)
            plain = self.with_context(context)  # pylint: disable=context-overridden
            process = super(MailThread, plain).message_process
        return process(model, message, custom_values, save_original, strip_attachments, thread_id)
