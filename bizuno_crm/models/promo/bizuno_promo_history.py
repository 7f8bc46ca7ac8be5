import json
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL, format_datetime, format_list
from psycopg2.errors import SerializationFailure

from ... import messages
from ...logic.promo_states import UNSENT
from ..base.withhold import withhold

UNDER_WAY = ("waiting", "scheduled", "sending")
# Of a send, and of a promotion as of its last send.
SEND_STATES = [
    ("waiting", "Waiting for a mail server"),
    ("scheduled", "Scheduled"),
    ("sending", "Sending"),
    ("done", "Sent"),
    ("failed", "Not delivered"),
]


class BizunoPromoHistory(models.Model):
    """One send of a promotion: when, by whom, to how many, and what became of it.

    The figures count people, by what became of the message to each; who is tried again by a later
    send counts there. Nobody writes a history by hand: the access rows let everybody read only.
    """

    _name = "bizuno.promo.history"
    _description = "Promotion History"
    _order = "date desc, id desc"

    promo_id = fields.Many2one(
        comodel_name="bizuno.promo",
        string="Promotion",
        required=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(related="promo_id.company_id", store=True, index=True)
    date = fields.Datetime(string="Sent On", required=True, default=fields.Datetime.now)
    date_scheduled = fields.Datetime(string="Scheduled For")
    user_id = fields.Many2one(
        comodel_name="res.users", string="Sent By", required=True, ondelete="restrict"
    )
    mailing_id = fields.Many2one(
        comodel_name="mailing.mailing",
        index="btree_not_null",
        ondelete="set null",
        groups="mass_mailing.group_mass_mailing_user",
    )
    recipient_count = fields.Integer(string="Recipients")
    recipient_ids = fields.One2many(
        comodel_name="bizuno.promo.recipient", inverse_name="history_id", string="Recipient List"
    )
    left_out = fields.Char(string="Left Out (numbers)", default="{}")
    left_out_text = fields.Char(string="Left Out", compute="_compute_left_out_text")
    end_reason = fields.Selection(
        selection=[("cancelled", "Stopped"), ("expired", "Stopped: the promotion has ended")]
    )
    is_failure_told = fields.Boolean(copy=False)
    state = fields.Selection(
        selection=[
            *SEND_STATES,
            ("cancelled", "Stopped"),
            ("expired", "Stopped: the promotion has ended"),
        ],
        string="Status",
        compute="_compute_statistics",
        compute_sudo=True,
    )
    sent = fields.Integer(compute="_compute_statistics", compute_sudo=True)
    delivered = fields.Integer(compute="_compute_statistics", compute_sudo=True)
    opened = fields.Integer(compute="_compute_statistics", compute_sudo=True)
    clicked = fields.Integer(compute="_compute_statistics", compute_sudo=True)
    bounced = fields.Integer(compute="_compute_statistics", compute_sudo=True)
    failed = fields.Integer(
        string="Not Delivered", compute="_compute_statistics", compute_sudo=True
    )
    in_doubt_count = fields.Integer(
        string="In Doubt", compute="_compute_statistics", compute_sudo=True
    )
    progress = fields.Float(
        compute="_compute_statistics",
        compute_sudo=True,
        help="The percentage of recipients whose message has been sent. It stays below 100% while "
        "“Send Again” can still reach someone.",
    )
    delivered_ratio = fields.Float(
        string="Delivered (%)", compute="_compute_statistics", compute_sudo=True,
        help="Of the recipients.",
    )  # fmt: skip
    opened_ratio = fields.Float(
        string="Opened (%)", compute="_compute_statistics", compute_sudo=True,
        help="Of the recipients it was delivered to.",
    )  # fmt: skip
    clicked_ratio = fields.Float(
        string="Clicked (%)", compute="_compute_statistics", compute_sudo=True,
        help="Of the recipients it was delivered to.",
    )  # fmt: skip
    bounced_ratio = fields.Float(
        string="Bounced (%)", compute="_compute_statistics", compute_sudo=True,
        help="Of the recipients.",
    )  # fmt: skip

    @api.depends("promo_id.name", "date")
    def _compute_display_name(self):
        for history in self:
            history.display_name = self.env._(
                "%(promo)s, %(date)s",
                promo=history.promo_id.name,
                date=format_datetime(self.env, history.date, dt_format="short"),
            )

    @api.depends("left_out")
    @api.depends_context("lang")
    def _compute_left_out_text(self):
        for history in self:
            reasons = history.promo_id._describe_reasons(json.loads(history.left_out or "{}"))
            history.left_out_text = format_list(
                self.env,
                [
                    self.env._("%(reason)s: %(count)s", reason=reason, count=count)
                    for reason, count in reasons
                ],
            )

    @api.depends("mailing_id.state", "end_reason", "recipient_count", "recipient_ids.send_state")
    def _compute_statistics(self):
        # In sudo: whoever may read the history need not be a user of the mailing app, nor see each
        # of its contacts.
        figures = self.env["bizuno.promo.recipient"]._count_statuses(self._origin)
        for history in self:
            figure = figures.get(history._origin.id, {})
            count = figure.get
            history.sent = count("left", 0)
            history.delivered = sum(count(name, 0) for name in ("sent", "opened", "clicked"))
            history.opened = count("read", 0)
            history.clicked = count("link", 0)
            history.bounced = count("bounced", 0)
            history.failed = count("failed", 0)
            history.in_doubt_count = count("in_doubt", 0)
            unsent = count("waiting", 0) + count("queued", 0)
            settled = history.recipient_count - unsent - history.failed
            history.progress = _percent(settled, history.recipient_count)
            history.delivered_ratio = _percent(history.delivered, history.recipient_count)
            history.bounced_ratio = _percent(history.bounced, history.recipient_count)
            history.opened_ratio = _percent(history.opened, history.delivered)
            history.clicked_ratio = _percent(history.clicked, history.delivered)
            history.state = history._get_state(unsent)

    def _get_state(self, unsent):
        mailing = self.mailing_id
        if self.end_reason:
            return self.end_reason
        if mailing.state == "draft":
            return "waiting"
        if mailing.state == "in_queue":
            later = self.date_scheduled and self.date_scheduled > fields.Datetime.now()
            return "scheduled" if later else "sending"
        if unsent or mailing.state == "sending":
            return "sending"
        nobody = not (self.sent or self.in_doubt_count) and (self.failed or self.bounced)
        return "failed" if nobody else "done"

    # --- actions -----------------------------------------------------------------------------

    def action_cancel(self):
        """Stop every message that has not left: the one on its way to the mail server at this
        moment arrives, no other. Who did not get it is reached by a later send.

        :raise AccessError: without the right Promotions: Edit
        """
        self._check_may("bizuno_crm.group_promo_edit")
        ended = self.filtered(lambda history: history.state in UNDER_WAY)
        ended._end("cancelled")
        for history in ended.sudo():
            # The moment that was planned is proposed again.
            if history.date_scheduled and history.date_scheduled > fields.Datetime.now():
                history.promo_id.date_send = history.date_scheduled

    def action_release_in_doubt(self):
        """Let a later send reach those of whom nobody knows whether they got it: the program was
        interrupted, or the server did not answer, in the middle of their message.

        :raise AccessError: without the right Promotions: Full
        """
        self._check_may("bizuno_crm.group_promo_full")
        self.env["bizuno.promo.recipient"].sudo().search(
            # Who has opened it has got it.
            [("history_id", "in", self.ids), ("status", "=", "in_doubt")]
        ).send_state = "failed"

    def action_send_again(self):
        """As *Send Again* on the promotion: see `bizuno.promo.action_send`."""
        self.ensure_one()
        return self.promo_id.action_send()

    def action_view_recipients(self):
        """The contacts of this send; those with the status that the context names under
        `bizuno_promo_status`, if it does ("delivered" and "opened" include what followed)."""
        self.ensure_one()
        return self.env["bizuno.promo.recipient"]._get_list_action([("history_id", "=", self.id)])

    def _get_form_action(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "bizuno_crm.bizuno_promo_history_action"
        )
        return {**action, "res_id": self.id, "view_mode": "form", "views": [(False, "form")]}

    def _check_may(self, group):
        self.check_access("read")
        if not self.env.user.has_group(group):
            raise AccessError(messages.promo_right_missing(self.env, self.promo_id, group))

    # --- sending -----------------------------------------------------------------------------

    def _start(self):
        """Make the mailing that carries this send, and put it in Odoo's queue; without a mail
        server it waits."""
        for history in self.sudo():
            promo = history.promo_id
            mailing = self.env["mailing.mailing"].sudo().create({
                "subject": promo.subject,
                "body_arch": promo._get_body(),
                "body_html": promo._get_body(),
                "mailing_model_id": self.env["ir.model"]._get_id("bizuno.promo.recipient"),
                "mailing_domain": repr([("history_id", "=", history.id)]),
                "bizuno_promo_history_id": history.id,
                "is_bizuno_literal": True,
                "email_from": promo.email_from,
                "reply_to_mode": "new",
                "reply_to": promo.email_from,
                "user_id": promo.user_id.id,
                "schedule_type": "scheduled" if history.date_scheduled else "now",
                "schedule_date": history.date_scheduled,
            })  # fmt: skip
            history.mailing_id = mailing
            # The marks of a scheduled or running send on the promotion's page.
            promo.invalidate_recordset(["state", "date_planned"])
            if self.env["ir.mail_server"]._promo_can_send():
                mailing.action_put_in_queue()

    def _end(self, reason):
        """From the commit of this on nobody makes or sends a mail of these sends."""
        histories = self.sudo()
        histories.end_reason = reason
        histories.mailing_id.state = "done"
        histories._count_recipients()
        try:
            with self.env.cr.savepoint():
                histories._release_unsent()
        except SerializationFailure:
            # A worker is at it right now, and sees that it has ended at its next mail.
            histories.invalidate_recordset()
            self.env.ref("mass_mailing.ir_cron_mass_mailing_queue").sudo()._trigger()

    def _count_recipients(self):
        """Whose list they are on; of a send that has ended, those whom it served."""
        counts = dict(
            self.env["bizuno.promo.recipient"]._read_group(
                [
                    ("history_id", "in", self.ids),
                    "|",
                    ("send_state", "not in", UNSENT),
                    ("history_id.end_reason", "=", False),
                ],
                ["history_id"],
                ["__count"],
            )
        )
        for history in self:
            history.recipient_count = counts.get(history, 0)

    def _release_unsent(self):
        """Free the recipients whom a send that has ended did not serve, so that a later one does,
        and cancel their mails; in a fixed number of statements. What a worker holds is left to it.
        """
        recipients = self.env["bizuno.promo.recipient"].sudo()
        for model in ("bizuno.promo.recipient", "mail.mail", "mail.message", "mailing.trace"):
            self.env[model].flush_model()
        self.env.execute_query(
            SQL(
                """
                WITH released AS (
                    DELETE FROM bizuno_promo_recipient
                     WHERE id IN (SELECT id FROM bizuno_promo_recipient
                                   WHERE history_id = ANY(%(histories)s)
                                     AND send_state = ANY(%(unsent)s)
                                     FOR UPDATE SKIP LOCKED)
                    RETURNING id),
                cancelled AS (
                    UPDATE mail_mail AS m
                       SET state = 'cancel', write_date = now() AT TIME ZONE 'UTC'
                      FROM mail_message AS message
                     WHERE message.id = m.mail_message_id AND m.mailing_id = ANY(%(mailings)s)
                       AND m.state = 'outgoing' AND message.model = %(model)s
                       AND message.res_id IN (SELECT id FROM released)),
                traces AS (
                    UPDATE mailing_trace SET trace_status = 'cancel'
                     WHERE mass_mailing_id = ANY(%(mailings)s) AND trace_status = 'outgoing'
                       AND model = %(model)s AND res_id IN (SELECT id FROM released))
                SELECT count(*) FROM released
                """,
                histories=self.ids,
                unsent=list(UNSENT),
                mailings=self.mailing_id.ids,
                model=recipients._name,
            )
        )
        for model in ("bizuno.promo.recipient", "mail.mail", "mailing.trace"):
            self.env[model].invalidate_model()
        self.mailing_id.invalidate_recordset()
        self.invalidate_recordset(["recipient_ids"])
        self._count_recipients()

    @api.model
    def _update_queue(self):
        """Before each run of the queue: settle what was interrupted, stop what outlived its
        promotion or lost its mailing, and start what waited for a mail server."""
        recipients = self.env["bizuno.promo.recipient"].sudo()
        recipients._settle_interrupted()
        left_over = recipients._read_group(
            [("send_state", "in", UNSENT), ("history_id.end_reason", "!=", False)], ["history_id"]
        )
        self.browse(history.id for (history,) in left_over).sudo()._release_unsent()
        groups = recipients._read_group(
            [("send_state", "in", UNSENT), ("history_id.end_reason", "=", False)], ["history_id"]
        )
        histories = self.browse(history.id for (history,) in groups).sudo()
        histories |= self.sudo().search([
            ("end_reason", "=", False),
            ("mailing_id.state", "in", ("draft", "in_queue", "sending")),
        ])  # fmt: skip
        now = fields.Datetime.now()
        late = histories.filtered(lambda h: h.promo_id._get_window()[1] <= now)
        orphans = (histories - late).filtered(lambda history: not history.mailing_id)
        for ended, reason in ((late, "expired"), (orphans, "cancelled")):
            if ended:
                ended._end(reason)
                ended._tell_responsible()
        going_on = histories - late - orphans
        # A mailing that somebody else calls done, while there are some for whom no mail was made.
        pending = recipients._read_group(
            [("send_state", "=", "pending"), ("history_id", "in", going_on.ids),
             ("history_id.mailing_id.state", "=", "done")],
            ["history_id"],
        )  # fmt: skip
        for (history,) in pending:
            history.mailing_id.action_put_in_queue()
        waiting = going_on.mailing_id.filtered(lambda m: m.state == "draft")
        if waiting and self.env["ir.mail_server"]._promo_can_send():
            waiting.action_put_in_queue()

    @api.model
    def _tell_of_failures(self):
        """After each run of the queues: nobody looks on while a scheduled send reaches nobody."""
        self.env["mailing.mailing"].flush_model()
        recent = fields.Datetime.now() - timedelta(days=2)
        failed = self.sudo().search([
            ("date_scheduled", "!=", False), ("is_failure_told", "=", False),
            ("end_reason", "=", False), ("mailing_id.state", "=", "done"),
            ("mailing_id.sent_date", ">=", recent),
        ]).filtered(lambda history: history.state == "failed")  # fmt: skip
        failed.is_failure_told = True
        failed._tell_responsible()

    def _tell_responsible(self):
        """A send that has ended by itself is not found out by chance."""
        for history in self.sudo():
            promo = history.promo_id
            responsible = promo.user_id
            text = messages.promo_ended_by_itself(
                self.with_context(lang=responsible.lang).env, promo, history
            )
            promo.message_post(body=text)
            if promo.with_user(responsible).has_access("read"):
                # An e-mail of Odoo's own would wait for the same mail server.
                promo.with_context(mail_activity_quick_update=True).activity_schedule(
                    "mail.mail_activity_data_todo",
                    user_id=responsible.id,
                    summary=text,
                )

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        return withhold(
            super().fields_get(allfields, attributes),
            ("is_failure_told", "left_out", "mailing_id"),
        )


def _percent(part, whole):
    return max(0.0, min(100.0, 100.0 * part / whole)) if whole else 0.0
