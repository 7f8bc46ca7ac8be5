import logging

from odoo import api, fields, models
from odoo.tools import SQL, email_normalize, formataddr
from psycopg2.errors import SerializationFailure

from ... import messages
from ...logic.forms import form_of
from ...logic.promo_body import one_line
from ..base.jobs import CONCURRENCY_ERRORS, in_transaction
from ..base.withhold import withhold
from .promo_lock import session_lock

_logger = logging.getLogger(__name__)

# The filters of the list of recipients.
STATUS_FILTERS = ("delivered", "opened", "clicked", "bounced", "failed", "in_doubt")

# What became of a message: the ledger says whether it left, the trace of Odoo's mailing what was
# heard of it since. Whoever opened it has got it, in doubt or not.
_STATUS = SQL(
    """
    CASE WHEN trace.links_click_datetime IS NOT NULL THEN 'clicked'
         WHEN trace.trace_status IN ('open', 'reply') THEN 'opened'
         WHEN recipient.send_state = 'pending' THEN 'waiting'
         WHEN recipient.send_state = 'trying' THEN 'queued'
         ELSE recipient.send_state
    END"""
)
_STATUS_FROM = SQL(
    """
    bizuno_promo_recipient AS recipient
      JOIN bizuno_promo_history AS history ON history.id = recipient.history_id
      LEFT JOIN mailing_trace AS trace
             ON trace.mass_mailing_id = history.mailing_id
            AND trace.model = 'bizuno.promo.recipient' AND trace.res_id = recipient.id"""
)


class BizunoPromoRecipient(models.Model):
    """An address on the frozen list of a promotion. The mailing writes to these records, not to
    the contacts: an address that changes afterwards changes nothing.

    `send_state` is the ledger that keeps an address from being served twice:

    pending → queued (its mail exists, in the same transaction) → trying (committed before the
    first word to the mail server) → sent, bounced (the server, or a message from it, says that
    the address is dead), failed (the server never got it, or wants it later: a later send may
    try again), or in_doubt (it may have arrived: never tried again by itself). From queued also
    → left_out (has said no since the list was frozen).
    """

    _name = "bizuno.promo.recipient"
    _description = "Promotion Recipient"
    _inherit = ["mail.thread.blacklist"]
    _order = "id desc"
    _rec_name = "email"
    _primary_email = "email"
    _mailing_enabled = True

    promo_id = fields.Many2one(
        comodel_name="bizuno.promo", string="Promotion", required=True, ondelete="restrict"
    )
    history_id = fields.Many2one(
        comodel_name="bizuno.promo.history",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="promo_id.company_id")
    date = fields.Datetime(related="history_id.date")
    # The history outlives the contact.
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Contact", index="btree_not_null", ondelete="set null"
    )
    phone = fields.Char(related="partner_id.phone")
    user_id = fields.Many2one(related="partner_id.user_id", string="Salesperson")
    email = fields.Char(required=True)
    send_state = fields.Selection(
        selection=[
            ("pending", "Waiting"),
            ("queued", "In the mail queue"),
            ("trying", "Being sent"),
            ("sent", "Sent"),
            ("bounced", "Bounced"),
            ("failed", "Failed"),
            ("in_doubt", "In doubt"),
            ("left_out", "Left out: unsubscribed in the meantime"),
        ],
        required=True,
        default="pending",
    )
    status = fields.Selection(
        selection=[
            ("waiting", "Waiting"),
            ("queued", "In the mail queue"),
            ("sent", "Sent"),
            ("opened", "Opened"),
            ("clicked", "Clicked"),
            ("bounced", "Bounced"),
            ("failed", "Failed"),
            ("in_doubt", "In doubt"),
            ("left_out", "Left out: unsubscribed in the meantime"),
        ],
        compute="_compute_status",
        search="_search_status",
        compute_sudo=True,
    )

    _address_once = models.UniqueIndex(
        "(promo_id, email_normalized)", "This address has already received this promotion."
    )
    _pending = models.Index("(history_id) WHERE send_state = 'pending'")
    _trying = models.Index("(id) WHERE send_state = 'trying'")

    def action_open_promo(self):
        """:return: the action that opens the promotion that was sent"""
        self.ensure_one()
        self.check_access("read")
        return form_of(self.promo_id)

    @api.depends("send_state", "history_id.mailing_id")
    def _compute_status(self):
        self._flush_status()
        rows = self.env.execute_query(
            SQL(
                "SELECT recipient.id, %s FROM %s WHERE recipient.id = ANY(%s)",
                _STATUS,
                _STATUS_FROM,
                self.ids,
            )
        )
        statuses = dict(rows)
        for recipient in self:
            recipient.status = statuses.get(recipient._origin.id)

    def _search_status(self, operator, value):
        if operator != "in":
            return NotImplemented
        self._flush_status()
        return [
            (
                "id",
                "in",
                SQL(
                    "(SELECT recipient.id FROM %s WHERE %s = ANY(%s))",
                    _STATUS_FROM,
                    _STATUS,
                    [status for status in value if isinstance(status, str)],
                ),
            )
        ]

    @api.model
    def _flush_status(self):
        self.flush_model(["send_state", "history_id"])
        self.env["bizuno.promo.history"].flush_model(["mailing_id"])
        self.env["mailing.trace"].flush_model()

    @api.model
    def _count_statuses(self, histories):
        """:return: {history id: {status: number of recipients; "read": of those who opened it;
        "link": of those who followed a link; "left": of those whose message left for them}}"""
        self._flush_status()
        figures = {history_id: {} for history_id in histories.ids}
        rows = self.env.execute_query(
            SQL(
                """
                SELECT recipient.history_id, %(status)s AS status, count(*),
                       count(*) FILTER (WHERE trace.trace_status IN ('open', 'reply')),
                       count(trace.links_click_datetime),
                       count(*) FILTER (WHERE recipient.send_state = 'sent'
                                              OR trace.sent_datetime IS NOT NULL)
                  FROM %(tables)s
                 WHERE recipient.history_id = ANY(%(histories)s)
                 GROUP BY recipient.history_id, status
                """,
                status=_STATUS,
                tables=_STATUS_FROM,
                histories=histories.ids,
            )
        )
        for history_id, status, count, read, link, left in rows:
            figure = figures[history_id]
            figure[status] = count
            for name, number in (("read", read), ("link", link), ("left", left)):
                figure[name] = figure.get(name, 0) + number
        return figures

    @api.model
    def _get_list_action(self, domain):
        """:return: the window action of the recipients, by what the context asks for"""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "bizuno_crm.bizuno_promo_recipient_action"
        )
        status = self.env.context.get("bizuno_promo_status")
        context = {f"search_default_{status}": 1} if status in STATUS_FILTERS else {}
        return {**action, "domain": domain, "context": context}

    # --- mail --------------------------------------------------------------------------------

    def _message_get_default_recipients(self, with_cc=False, all_tos=False):
        """The frozen address, not what the contact's address is by now, with the contact's name."""
        names = {recipient.id: one_line(recipient.sudo().partner_id.name) for recipient in self}
        return {
            recipient.id: {
                # A name that is an address looks like somebody else's.
                "email_to": formataddr(
                    ("" if "@" in names[recipient.id] else names[recipient.id], recipient.email)
                ),
                "email_cc": "",
                "partner_ids": [],
            }
            for recipient in self
        }

    def _get_field_values(self):
        """:return: {id: {field of a text: its value}}; see logic/promo_fields.py"""
        # In sudo: the queue makes the mails; the names are the recipients' own.
        return {
            recipient.id: recipient.partner_id._promo_field_values(recipient.email)
            for recipient in self.sudo()
        }

    @api.model
    def _mailing_get_opt_out_list(self, mailing):
        """Whoever opted out after the list was frozen. (The blacklist is Odoo's own concern.)"""
        partners = self.env["res.partner"].sudo().with_context(active_test=False)
        groups = partners._read_group(
            self._opted_out_domain(mailing.sudo().bizuno_promo_history_id), ["email_normalized"]
        )
        return [email for (email,) in groups]

    @api.model
    def _opted_out_domain(self, history):
        # A mailing of somebody else to these addresses has no moment to count from.
        return [
            ("newsletter", "=", False),
            ("newsletter_date", ">=", history.date)
            if history
            else ("newsletter_date", "!=", False),
            ("email_normalized", "!=", False),
        ]

    def _find_refusal(self):
        """Whether the address has said no since the list was frozen.

        :return: the type of failure by Odoo's names, or False
        """
        self.ensure_one()
        if self.is_blacklisted:
            return "mail_bl"
        partners = self.env["res.partner"].sudo().with_context(active_test=False)
        no = [
            *self._opted_out_domain(self.history_id),
            ("email_normalized", "=", self.email_normalized),
        ]
        return "mail_optout" if partners.search_count(no, limit=1) else False

    # --- the ledger --------------------------------------------------------------------------

    @api.model
    def _take_pending(self, mailing, recipient_ids):
        """Reserve recipients in the transaction that makes their mails. What another session
        holds is left to it; of a send that has been stopped, or has another mailing, there is
        nothing to reserve.

        :return: set of the ids reserved
        """
        self.flush_model(["send_state", "history_id"])
        self.env["bizuno.promo.history"].flush_model(["end_reason", "mailing_id"])
        rows = self.env.execute_query(
            SQL(
                """
                -- By their ids, and nothing else: in a table that has just been filled the planner
                -- takes “all that wait” for few.
                WITH batch AS MATERIALIZED (
                    SELECT id, history_id, send_state FROM bizuno_promo_recipient
                     WHERE id = ANY(%s) FOR UPDATE SKIP LOCKED)
                UPDATE bizuno_promo_recipient AS recipient SET send_state = 'queued'
                  FROM batch JOIN bizuno_promo_history AS history ON history.id = batch.history_id
                 WHERE recipient.id = batch.id AND batch.send_state = 'pending'
                   AND history.id = %s AND history.mailing_id = %s
                   AND history.end_reason IS NULL
                RETURNING recipient.id
                """,
                list(recipient_ids),
                mailing.sudo().bizuno_promo_history_id.id or 0,
                mailing.id,
            )
        )
        self.invalidate_model(["send_state"])
        return {row[0] for row in rows}

    def _set_state(self, state):
        self.sudo().send_state = state
        self.flush_recordset(["send_state"])

    def _set_interrupted(self, mail):
        """Somebody died, or was cut off, in the middle of this message: it may have arrived.

        :param mail: the recipient's `mail.mail`, or none
        """
        traces = self.env["mailing.trace"].sudo().search([
            ("mass_mailing_id", "=", self.history_id.sudo().mailing_id.id or 0),
            ("model", "=", self._name), ("res_id", "=", self.id),
        ])  # fmt: skip
        if traces.filtered("sent_datetime"):
            self._set_state("sent")  # the result was recorded, and the mail deleted
            return
        self._set_state("in_doubt")
        mail.filtered(lambda some: some.state in ("outgoing", "exception")).write({
            "state": "exception",
            "failure_type": "unknown",
            "failure_reason": messages.promo_interrupted(self.env, self),
        })  # fmt: skip
        traces.filtered(lambda trace: trace.trace_status in ("outgoing", "error")).set_failed(
            failure_type="unknown"
        )

    @api.model
    def _settle_interrupted(self):
        """Nobody hangs in the middle: whoever is marked as being sent to while nobody holds the
        lock is in doubt, whatever became of the mail."""
        for recipient in self.sudo().search([("send_state", "=", "trying")]):
            with session_lock(self.env.cr, f"{self._name},{recipient.id}") as free:
                if not free:
                    continue
                try:
                    with self.env.cr.savepoint():
                        recipient._set_interrupted(recipient._find_mail())
                except SerializationFailure:
                    recipient.invalidate_recordset()  # somebody has just finished it

    def _find_mail(self):
        return (
            self.env["mail.mail"]
            .sudo()
            .search([
                ("mailing_id", "=", self.history_id.sudo().mailing_id.id or 0),
                ("model", "=", self._name),
                ("res_id", "=", self.id),
            ])
        )  # fmt: skip

    def _count_bounce(self, mail, auto_commit):
        """The mail server has refused the address: what Odoo does with a message that comes back,
        on the contact, on the mailing, and with an address that bounces again and again."""
        email = email_normalize(self.email)
        reason = mail.failure_reason or ""
        bounce = {
            "bounced_email": email,
            "bounced_partner": self.env["res.partner"].sudo().search(
                [("email_normalized", "=", email)]
            ),
            "bounced_msg_ids": [mail.message_id],
            "bounced_message": mail.mail_message_id,
            "body": reason, "email_from": email, "to": mail.email_from or "",
            "message_id": mail.message_id,
        }  # fmt: skip

        def count():
            self.env["mail.thread"].sudo()._routing_handle_bounce(None, bounce)

        if not auto_commit:
            count()
            return
        try:
            in_transaction(self.env, count)
        except CONCURRENCY_ERRORS:
            _logger.warning("The bounce of mail %s is not counted on the contact.", mail.id)

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        return withhold(
            super().fields_get(allfields, attributes),
            ("email_normalized", "message_bounce", "send_state"),
        )
