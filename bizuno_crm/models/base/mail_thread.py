from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools.misc import clean_context

from ... import messages


class MailThread(models.AbstractModel):
    # Odoo makes a record of an e-mail as the system, whoever hands the e-mail in: what that record
    # is to hold besides, an alias says, which administrators write, and nobody else.

    _inherit = "mail.thread"

    @api.model
    def message_process(self, model, message, custom_values=None, *args, **kwargs):
        if self.env.su:
            return super().message_process(model, message, custom_values, *args, **kwargs)
        if custom_values and not self.env.user.has_group("base.group_system"):
            raise AccessError(messages.values_beside_email_refused(self.env))
        context = clean_context(self.env.context)
        plain = self.with_context(context)  # pylint: disable=context-overridden
        return super(MailThread, plain).message_process(
            model, message, custom_values, *args, **kwargs
        )
