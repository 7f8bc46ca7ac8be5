import logging
from datetime import timedelta
from smtplib import SMTPServerDisconnected

import psycopg2
from odoo import api, fields, models, modules, tools
from odoo.exceptions import UserError
from psycopg2.errors import SerializationFailure

from ... import messages
from .promo_conversation import Conversation, Line
from .promo_lock import session_lock

_logger = logging.getLogger(__name__)

# After these the mail server cannot have taken the message.
NEVER_LEFT = (
    "mail_smtp", "mail_email_invalid", "mail_email_missing", "mail_from_invalid",
    "mail_from_missing",
)  # fmt: skip

# How long the queue waits for a mail server that went away in the middle of it.
PAUSE = timedelta(minutes=5)


class MailMail(models.Model):
    # The mails of a promotion pass the ledger of its recipients on their way out.

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

    @api.model
    def process_email_queue(self, email_ids=(), batch_size=1000):
        """As Odoo's; whoever was being sent to when a worker died is in doubt by then."""
        is_queue = self.env.su and not email_ids
        if is_queue:
            self.env["bizuno.promo.recipient"]._settle_interrupted()
        result = super().process_email_queue(email_ids=email_ids, batch_size=batch_size)
        if is_queue:
            self.env["bizuno.promo.history"]._tell_of_failures()
        return result

    def _send(self, auto_commit=False, raise_exception=False, *, post_send_callback=None, **kwargs):
        """That a message is being tried is committed *before* the mail server hears of it: after
        a crash nobody may send it again. Odoo commits only afterwards. A connection that breaks or
        hangs costs the recipient it breaks at, and no other."""
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
        session, server = options.pop("smtp_session", None), options.get("mail_server")
        line = Line(
            session,
            lambda: self.env["ir.mail_server"]._connect__(
                mail_server_id=server.id if server else False,
                smtp_from=getattr(session, "smtp_from", False) or promos[0].email_from,
            ),
        )
        try:
            for mail, recipient_id in [(mail, mail.res_id) for mail in promos]:
                if not mail._promo_send_one(line, recipient_id, **options):
                    break
                if post_send_callback:
                    post_send_callback([mail.id])
        finally:
            line.close()
        return True

    def _promo_send_one(self, line, recipient_id, auto_commit, **options):
        """:return: whether there is still a mail server to go on with"""
        key = f"bizuno.promo.recipient,{recipient_id}"
        with session_lock(self.env.cr, key) as free:
            if not free:
                return True  # somebody is sending it right now
            if not self._promo_connect(line):
                return False
            try:
                claimed = self.exists().state == "outgoing" and self._promo_claim(auto_commit)
            except SerializationFailure:
                if not auto_commit:
                    raise
                self.env.cr.rollback()  # somebody has just sent it
                return True
            if not claimed:
                return True
            recipient = self._promo_recipient()
            conversation = self._promo_deliver(line, auto_commit, **options)
            if not conversation:
                recipient._set_state("queued")
                self._promo_commit(auto_commit)
                return False
            if conversation.outcome == "bounced":
                recipient._count_bounce(self, auto_commit)
            return True

    def _promo_connect(self, line):
        try:
            line.get()
        except Exception as problem:  # noqa: BLE001  (as Odoo's send() does: whatever it is)
            # What has not left stays in the queue.
            _logger.info("Promotions pause, there is no mail server any more: %s", problem)
            self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger(
                fields.Datetime.now() + PAUSE
            )
            return False
        return True

    def _promo_deliver(self, line, auto_commit, **options):
        """Send the one mail, and write down what became of it.

        :return: the conversation with the mail server, or None: it went away before it heard of it
        """
        recipient = self._promo_recipient()
        conversation = Conversation(line.get())
        fresh, line.is_fresh = line.is_fresh, False
        try:
            # Odoo's own, for this one mail: a part of our `_send`.
            # pylint: disable-next=super-method-mismatch
            super()._send(auto_commit=False, smtp_session=conversation, **options)
        except SMTPServerDisconnected as problem:
            hung = isinstance(problem.__context__, TimeoutError)
            if not (conversation.may_have_arrived or fresh or hung):
                # The server had ended the session after the mails before this one.
                self.write({"state": "outgoing", "failure_reason": False, "failure_type": False})
                line.close()
                if not self._promo_connect(line):
                    return None
                return self._promo_deliver(line, auto_commit, **options)
            self._promo_lost(recipient, conversation, problem)
        except psycopg2.Error:
            if not auto_commit:
                raise
            self.env.cr.rollback()
            self._promo_record_again(recipient, conversation)
            return conversation
        except Exception:
            self._promo_settle(recipient, conversation, auto_commit)
            raise
        self._promo_settle(recipient, conversation, auto_commit)
        return conversation

    def _promo_commit(self, auto_commit):
        self.env.flush_all()
        if auto_commit:
            self.env.cr.commit()  # pylint: disable=invalid-commit

    def _promo_settle(self, recipient, conversation, auto_commit):
        if recipient.exists() and recipient.send_state == "trying":
            recipient._set_state(conversation.outcome)
        self._promo_commit(auto_commit)

    def _promo_lost(self, recipient, conversation, problem):
        if conversation.may_have_arrived:
            reason, kind = messages.promo_interrupted(self.env, recipient), "unknown"
        else:
            reason, kind = tools.exception_to_unicode(problem), "mail_smtp"
        self.write({"state": "exception", "failure_type": kind, "failure_reason": reason})
        self.mailing_trace_ids.set_failed(failure_type=kind)

    def _promo_record_again(self, recipient, conversation):
        """What the mail server answered is not lost with the transaction that should record it."""
        try:
            if conversation.outcome == "sent":
                self.write({"state": "sent", "failure_type": False, "failure_reason": False})
                self._postprocess_sent_message([], [recipient.email])
            else:
                self._promo_lost(recipient, conversation, self.env._("No answer was recorded."))
            self._promo_settle(recipient, conversation, auto_commit=True)
        except psycopg2.Error:
            # The next run finds the recipient in the middle of it: in doubt.
            _logger.warning("The result of mail %s could not be recorded.", self.id)
            self.env.cr.rollback()

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
            recipient._set_state("left_out")
            self.write({"state": "cancel", "failure_type": refusal})
            self.mailing_trace_ids.write({"trace_status": "cancel", "failure_type": refusal})
        elif ours and state == "trying":
            # The lock was free: whoever tried died in the middle of it.
            recipient._set_interrupted(self)
        else:
            self.write({"state": "cancel"})
            self.mailing_trace_ids.filtered(
                lambda trace: trace.trace_status == "outgoing"
            ).set_canceled()
        self._promo_commit(auto_commit)
        return claimed

    def _prepare_outgoing_list(self, mail_server=False, doc_to_followers=None):
        """The text part has the recipient's own way out, too: Odoo makes it before it puts the
        link in."""
        email_list = super()._prepare_outgoing_list(
            mail_server=mail_server, doc_to_followers=doc_to_followers
        )
        if self.mailing_id.sudo().is_bizuno_literal:
            for values in email_list:
                values["body_alternative"] = self._promo_text_part(values["body"])
        return email_list

    def _promo_text_part(self, body):
        pixel = f'<img src="{self._get_tracking_url()}"/>'
        return tools.html2plaintext(body.replace(pixel, "")) if body else ""

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        """In the transaction that records the result: the result in the ledger."""
        for mail in self:
            recipient = mail._promo_recipient()
            if recipient.send_state not in ("queued", "trying"):
                continue
            if not failure_type:
                recipient._set_state("sent")
            elif failure_type in NEVER_LEFT:
                recipient._set_state("failed")
            elif recipient.send_state == "queued":
                # Sent by somebody else than the ledger's own code, which knows more.
                recipient._set_state("in_doubt")
        return super()._postprocess_sent_message(
            success_pids, success_emails, failure_reason=failure_reason, failure_type=failure_type
        )
