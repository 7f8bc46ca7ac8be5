from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.mail import email_normalize_all

from ... import messages
from ..base.jobs import run_each
from ..base.withhold import withhold


class BizunoStatementMailingLine(models.Model):
    """The statement of one customer on its way: sent at most once, whatever is interrupted when.

    The e-mail enters Odoo's mail queue in the same transaction that makes the line "queued"; the
    line is "sent" when the mail server has taken the e-mail, and "failed" with the server's reason.
    Statement and e-mail hang on the line: who may read it reads them.
    """

    _name = "bizuno.statement.mailing.line"
    _description = "Statement Sent"
    _order = "mailing_id desc, id"
    _rec_name = "partner_id"

    mailing_id = fields.Many2one(
        comodel_name="bizuno.statement.mailing",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", required=True, readonly=True, index=True,
        ondelete="cascade",
    )  # fmt: skip
    company_id = fields.Many2one(related="mailing_id.company_id", store=True)
    date = fields.Date(related="mailing_id.date", store=True)
    state = fields.Selection(
        selection=[
            ("waiting", "Waiting"),
            ("queued", "In the Mail Queue"),
            ("sent", "Sent"),
            ("failed", "Not Sent"),
        ],
        required=True,
        readonly=True,
        default="waiting",
        index=True,
    )
    email = fields.Char(string="E-mail Address", readonly=True)
    date_sent = fields.Datetime(string="Sent On", readonly=True)
    error = fields.Char(string="Why Not", readonly=True)
    mail_id = fields.Many2one(
        comodel_name="mail.mail",
        string="E-mail",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        groups="base.group_system",
    )

    _waiting_once = models.UniqueIndex(
        "(partner_id, company_id, date) WHERE state = 'waiting'",
        "A statement of this date is already being sent to one of these customers. Wait until it "
        "has been sent.",
    )

    @api.model
    def _cron_send(self):
        """Send what is waiting, customer by customer, each in a transaction of its own."""
        waiting = self.search([("state", "=", "waiting")], order="id")
        run_each(
            waiting,
            lambda line: line._send_if_waiting(),
            on_failure=lambda line, error: line.write({"state": "failed", "error": str(error)}),
        )
        finished = self.env["bizuno.statement.mailing"].search(
            [
                ("is_announced", "=", False),
                ("line_ids", "not any", [("state", "in", ("waiting", "queued"))]),
            ]
        )
        finished._announce()
        # The mails are in Odoo's queue, which would look at them within the hour.
        self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()

    def _send_if_waiting(self):
        if self.state == "waiting":
            self._send()

    def _send(self):
        """Put the statements into the mail queue as who asked for them, with that person's rights
        and companies."""
        for line in self:
            mailing = line.mailing_id
            companies = mailing.company_id | mailing.company_ids
            statement = (
                self.env["bizuno.statement"]
                .with_user(mailing.user_id)
                .with_context(
                    allowed_company_ids=companies.ids,
                    lang=mailing.user_id.lang,
                    tz=mailing.user_id.tz,
                )
                .create(
                    {
                        "date": mailing.date,
                        "date_from": mailing.date_from,
                        "kind": mailing.kind,
                        "note": mailing.note,
                        "partner_ids": [(6, 0, line.partner_id.ids)],
                    }
                )
            )
            mail = statement._make_email(line)
            if mail:
                line.write(
                    {
                        "state": "queued",
                        "mail_id": mail.id,
                        "email": ", ".join(email_normalize_all(mail.recipient_ids.email)),
                    }
                )
            else:
                error = messages.statement_without_address(statement.env, line.partner_id)
                line.write({"state": "failed", "error": error})

    def action_open_pdf(self):
        """Download the statement that was sent.

        :return: the action of the download
        """
        self.ensure_one()
        self.check_access("read")
        attachment = self.env["ir.attachment"].search(
            [("res_model", "=", self._name), ("res_id", "=", self.id)], order="id desc", limit=1
        )
        if not attachment:
            raise UserError(messages.statement_without_pdf(self.env, self))
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment.id}?download=true",
            "target": "download",
        }

    @api.model
    def _follow_mails(self, mails):
        """Write down what became of the e-mails of statements.

        :param mails: `mail.mail` whose state has changed
        """
        lines = self.sudo().search([("mail_id", "in", mails.ids), ("state", "!=", "waiting")])
        finished = lines.browse()
        for line in lines:
            state = line.mail_id.state
            if state == "sent" and line.state != "sent":
                line.write({"state": "sent", "error": False, "date_sent": fields.Datetime.now()})
                line._log_sent()
                finished += line
            elif state in ("exception", "cancel") and line.state != "sent":
                line.write({"state": "failed", "error": line._get_failure()})
                finished += line
            elif state == "outgoing" and line.state == "failed":
                line.write({"state": "queued", "error": False})
        open_mailings = finished.mailing_id.filtered(lambda mailing: not mailing.is_announced)
        if any(not (mailing.waiting_count or mailing.queued_count) for mailing in open_mailings):
            # it tells who asked for them
            self.env.ref("bizuno_crm.ir_cron_statement").sudo()._trigger()

    def _get_failure(self):
        """:return: why the e-mail did not leave, in the language of who asked for the statements"""
        own = self.with_context(lang=self.mailing_id.user_id.lang)
        mail = own.mail_id
        if not mail.failure_reason:
            return messages.statement_cancelled(own.env)
        return messages.mail_not_sent(own.env, self.email, mail.failure_type, mail.failure_reason)

    def _log_sent(self):
        """The customer's log, open to all users, says that it was sent, and no figure."""
        for line in self:
            own = line.with_context(lang=line.mailing_id.user_id.lang)
            line.partner_id.message_post(
                body=messages.statement_was_sent(own.env, own),
                author_id=line.mailing_id.user_id.partner_id.id,
                subtype_xmlid="mail.mt_note",
            )

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        return withhold(super().fields_get(allfields, attributes), ("mail_id",))
