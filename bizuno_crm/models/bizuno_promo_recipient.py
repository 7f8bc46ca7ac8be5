from odoo import api, fields, models
from odoo.tools import SQL

# What became of the mail, from the trace of Odoo's mailing, when there is one.
STATUS_OF_TRACE = {
    "outgoing": "queued",
    "process": "queued",
    "pending": "sent",
    "sent": "sent",
    "open": "opened",
    "reply": "opened",
    "bounce": "bounced",
    "error": "failed",
    "cancel": "left_out",
}

# The mail server has not heard of these yet.
UNSENT = ("pending", "queued")


class BizunoPromoRecipient(models.Model):
    """An address on the frozen list of a promotion. The mailing writes to these records, not to
    the contacts: an address that changes afterwards changes nothing.

    `send_state` is the ledger that keeps an address from being served twice:

    pending → queued (its mail exists, in the same transaction) → trying (committed before the
    first word to the mail server) → sent, or failed (the server never got it: a later send may
    try again), or in_doubt (interrupted in the middle, or no clear answer: never tried again by
    itself).
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
    email = fields.Char(required=True)
    send_state = fields.Selection(
        selection=[
            ("pending", "Waiting"),
            ("queued", "In the mail queue"),
            ("trying", "Being sent"),
            ("sent", "Sent"),
            ("failed", "Failed"),
            ("in_doubt", "In doubt"),
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
            ("left_out", "Left out: unsubscribed meanwhile"),
        ],
        compute="_compute_status",
        compute_sudo=True,
    )

    _address_once = models.UniqueIndex(
        "(promo_id, email_normalized)", "This address has had this promotion already."
    )
    _pending = models.Index("(history_id) WHERE send_state = 'pending'")

    @api.depends("send_state")
    def _compute_status(self):
        traces = self.env["mailing.trace"].search_fetch(
            [
                ("mass_mailing_id", "in", self.history_id.mailing_id.ids),
                ("model", "=", self._name),
                ("res_id", "in", self.ids),
            ],
            ["res_id", "mass_mailing_id", "trace_status", "links_click_datetime"],
        )
        by_key = {(trace.res_id, trace.mass_mailing_id): trace for trace in traces}
        for recipient in self:
            trace = by_key.get((recipient.id, recipient.history_id.mailing_id))
            if recipient.send_state == "in_doubt":
                recipient.status = "in_doubt"
            elif not trace:
                recipient.status = "waiting"
            elif trace.links_click_datetime:
                recipient.status = "clicked"
            else:
                recipient.status = STATUS_OF_TRACE[trace.trace_status]

    # --- mail --------------------------------------------------------------------------------

    def _message_get_default_recipients(self, with_cc=False, all_tos=False):
        """The frozen address, not what the contact's address is by now."""
        return {
            recipient.id: {"email_to": recipient.email, "email_cc": "", "partner_ids": []}
            for recipient in self
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
        return [
            ("newsletter", "=", False),
            ("newsletter_date", ">=", history.date),
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
        holds is left to it; of a send that has been stopped there is nothing to reserve.

        :return: set of the ids reserved
        """
        self.flush_model(["send_state", "history_id"])
        self.env["bizuno.promo.history"].flush_model(["end_reason"])
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
                   AND history.id = %s AND history.end_reason IS NULL
                RETURNING recipient.id
                """,
                list(recipient_ids),
                mailing.sudo().bizuno_promo_history_id.id or 0,
            )
        )
        self.invalidate_model(["send_state"])
        return {row[0] for row in rows}

    def _set_state(self, state):
        self.sudo().send_state = state
        self.flush_recordset(["send_state"])
