from odoo import models, modules
from odoo.exceptions import UserError
from psycopg2.errors import SerializationFailure

from .. import messages
from .promo_lock import session_lock

# After these the mail server cannot have taken the message.
NEVER_LEFT = (
    "mail_smtp", "mail_email_invalid", "mail_email_missing", "mail_from_invalid",
    "mail_from_missing",
)  # fmt: skip


class MailMail(models.Model):
    """The mails of a promotion pass the ledger of its recipients on their way out."""

    _inherit = "mail.mail"

    def _promo_recipient(self):
        self.ensure_one()
        recipients = self.env["bizuno.promo.recipient"].sudo()
        if self.model != recipients._name or not self.mailing_id.sudo().bizuno_promo_history_id:
            return recipients
        return recipients.browse(self.res_id).exists()

    def mark_outgoing(self):
        """Odoo's “Retry”: what the mail server never got is tried again, once; what it may have got
        is not.

        :raise UserError: for a message of a promotion that may have arrived, or that belongs to a
            later send by now
        """
        for mail in self.filtered(lambda mail: mail.model == "bizuno.promo.recipient"):
            recipient = mail._promo_recipient()
            history = mail.sudo().mailing_id.bizuno_promo_history_id
            if not recipient and not history:
                continue
            ours = recipient.history_id == history and not history.end_reason
            if not ours or recipient.send_state not in ("failed", "queued"):
                raise UserError(messages.promo_mail_not_again(self.env, mail, recipient))
            recipient._set_state("queued")
        return super().mark_outgoing()

    def _send(self, auto_commit=False, raise_exception=False, post_send_callback=None, **kwargs):
        """That a message is being tried is committed *before* the mail server hears of it: after
        a crash nobody may send it again. Odoo commits only afterwards."""
        options = {"auto_commit": auto_commit, "raise_exception": raise_exception, **kwargs}
        # Another session may have sent and deleted some since they were listed.
        promos = self.exists().filtered(
            lambda mail: (
                mail.model == "bizuno.promo.recipient"
                and mail.sudo().mailing_id.bizuno_promo_history_id
            )
        )
        if not promos or self.env["ir.mail_server"]._disable_send():
            return super()._send(post_send_callback=post_send_callback, **options)
        if others := (self - promos).exists():
            super(MailMail, others)._send(post_send_callback=post_send_callback, **options)
        if not auto_commit and not modules.module.current_test:
            # Nothing can be committed in the middle of a user's transaction: to the queue.
            self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()
            return True
        for mail, recipient_id in [(mail, mail.res_id) for mail in promos]:
            with session_lock(self.env.cr, f"bizuno.promo.recipient,{recipient_id}") as free:
                if not free:
                    continue  # somebody is sending it right now
                try:
                    claimed = mail.exists().state == "outgoing" and mail._promo_claim(auto_commit)
                except SerializationFailure:
                    if not auto_commit:
                        raise
                    self.env.cr.rollback()  # somebody has just sent it
                    continue
                if claimed:
                    super(MailMail, mail)._send(post_send_callback=post_send_callback, **options)
        return True

    def _promo_claim(self, auto_commit):
        """Called by the holder of the recipient's lock.

        :return: whether this session, and no other ever, sends this mail
        """
        recipient = self._promo_recipient()
        recipient.invalidate_recordset(["send_state", "history_id", "is_blacklisted"])
        history = recipient.history_id
        history.invalidate_recordset(["end_reason"])
        state = recipient.send_state
        ours = history == self.mailing_id.sudo().bizuno_promo_history_id
        ready = ours and state == "queued" and not history.end_reason
        refusal = ready and recipient._find_refusal()
        claimed = ready and not refusal
        if claimed:
            recipient._set_state("trying")
        elif refusal:
            # Said since the mail was made, which may wait long in the queue.
            self.write({"state": "cancel", "failure_type": refusal})
            self.mailing_trace_ids.write({"trace_status": "cancel", "failure_type": refusal})
        elif ours and state == "trying":
            # The lock was free: whoever tried died in the middle of it.
            recipient._set_state("in_doubt")
            self.write({
                "state": "exception",
                "failure_type": "unknown",
                "failure_reason": messages.promo_interrupted(self.env, recipient),
            })  # fmt: skip
            self.mailing_trace_ids.set_failed(failure_type="unknown")
        else:
            self.write({"state": "cancel"})
            self.mailing_trace_ids.filtered(
                lambda trace: trace.trace_status == "outgoing"
            ).set_canceled()
        self.env.flush_all()
        if auto_commit:
            self.env.cr.commit()  # pylint: disable=invalid-commit
        return claimed

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        """In the transaction that records the result: the result in the ledger."""
        for mail in self:
            if recipient := mail._promo_recipient():
                if not failure_type:
                    state = "sent"
                else:
                    state = "failed" if failure_type in NEVER_LEFT else "in_doubt"
                if recipient.send_state in ("queued", "trying"):
                    recipient._set_state(state)
        return super()._postprocess_sent_message(
            success_pids, success_emails, failure_reason=failure_reason, failure_type=failure_type
        )
