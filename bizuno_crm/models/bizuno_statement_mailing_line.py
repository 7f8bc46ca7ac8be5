import logging

from odoo import api, fields, models
from psycopg2 import OperationalError

from .. import messages

_logger = logging.getLogger(__name__)


class BizunoStatementMailingLine(models.Model):
    """The statement of one customer on its way: sent at most once, whatever is interrupted when.

    The e-mail enters Odoo's mail queue in the same transaction that makes the line "sent".
    """

    _name = "bizuno.statement.mailing.line"
    _description = "Statement Sent"
    _order = "mailing_id desc, id"
    _rec_name = "partner_id"

    mailing_id = fields.Many2one(
        "bizuno.statement.mailing", required=True, readonly=True, index=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, readonly=True, index=True,
        ondelete="cascade",
    )  # fmt: skip
    company_id = fields.Many2one(related="mailing_id.company_id", store=True)
    date = fields.Date(related="mailing_id.date", store=True)
    state = fields.Selection(
        selection=[("waiting", "Waiting"), ("sent", "Sent"), ("failed", "Not Sent")],
        required=True,
        readonly=True,
        default="waiting",
        index=True,
    )
    email = fields.Char(string="E-mail Address", readonly=True)
    date_sent = fields.Datetime(string="Sent On", readonly=True)
    error = fields.Char(string="Why Not", readonly=True)

    _waiting_once = models.UniqueIndex(
        "(partner_id, company_id, date) WHERE state = 'waiting'",
        "A statement of this date is being sent to one of these customers already. Wait until it "
        "is out.",
    )

    @api.model
    def _cron_send(self):
        """Send what is waiting, customer by customer, each in a transaction of its own."""
        cron = self.env["ir.cron"]
        waiting = self.search([("state", "=", "waiting")], order="id")
        cron._commit_progress(remaining=len(waiting))
        for line_id in waiting.ids:
            # One at a time, as everything is read anew after each commit.
            self.browse(line_id)._send_or_fail()
            if not cron._commit_progress(1):
                break
        finished = self.env["bizuno.statement.mailing"].search(
            [("is_announced", "=", False), ("line_ids", "not any", [("state", "=", "waiting")])]
        )
        finished._announce()
        # The mails are in Odoo's queue, which would look at them within the hour.
        self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()

    def _send_or_fail(self):
        try:
            locked = self.try_lock_for_update().filtered(lambda line: line.state == "waiting")
            if locked:
                locked.with_context(mail_notify_force_send=False)._send()
                self.env.flush_all()
        except OperationalError:
            # Somebody else works on the same customer: the next run tries again.
            self.env.cr.rollback()
        except Exception as error:
            # One that fails must not keep all the others from their statements.
            self.env.cr.rollback()
            _logger.exception("The statement of %s could not be sent", self.partner_id.id)
            self.write({"state": "failed", "error": str(error)})

    def _send(self):
        """Send the statements as who asked for them, with that person's rights and companies."""
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
                        "note": mailing.note,
                        "partner_ids": [(6, 0, line.partner_id.ids)],
                    }
                )
            )
            email = statement._send()
            if email:
                line.write({"state": "sent", "email": email, "date_sent": fields.Datetime.now()})
            else:
                error = messages.statement_without_address(
                    statement.env, line.partner_id.display_name
                )
                line.write({"state": "failed", "error": error})
