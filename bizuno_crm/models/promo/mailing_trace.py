from odoo import models


class MailingTrace(models.Model):
    # What comes back is noted in the ledger of a promotion, too.

    _inherit = "mailing.trace"

    def set_bounced(self, domain=None, bounce_message=False):
        """As Odoo's: a message about a promotion that comes back was not delivered."""
        traces = super().set_bounced(domain=domain, bounce_message=bounce_message)
        ours = traces.filtered(lambda trace: trace.model == "bizuno.promo.recipient").sudo()
        recipients = self.env["bizuno.promo.recipient"].sudo().browse(ours.mapped("res_id"))
        recipients.exists().filtered(
            lambda recipient: (
                recipient.history_id.mailing_id in ours.mass_mailing_id
                and recipient.send_state in ("sent", "in_doubt")
            )
        )._set_state("bounced")
        return traces
