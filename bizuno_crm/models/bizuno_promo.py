import json
from ast import literal_eval
from datetime import datetime, time, timedelta

import pytz
from markupsafe import Markup
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, email_normalize, is_html_empty

from .. import messages
from ..logic.promo_body import one_line, without_directives

GROUP_TO_SEND = "bizuno_crm.group_promo_edit"


class BizunoPromo(models.Model):
    """One message to many contacts, within a window of dates, to each address once.

    Odoo's mass mailing sends, tracks and unsubscribes. The promotion decides who gets it, and
    freezes that list when the user says "send": see `bizuno.promo.recipient`.
    """

    _name = "bizuno.promo"
    _description = "Promotion"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date_start desc, id desc"

    name = fields.Char(string="Title", required=True, tracking=True)
    active = fields.Boolean(default=True)
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Responsible",
        required=True,
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
        tracking=True,
        help="The dates of the promotion are days in this user's time zone.",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
        index=True,
    )
    date_start = fields.Date(
        string="Starts On", required=True, default=fields.Date.context_today, tracking=True
    )
    date_end = fields.Date(
        string="Ends On",
        required=True,
        default=lambda self: fields.Date.context_today(self) + timedelta(days=30),
        tracking=True,
    )
    # the message
    subject = fields.Char()
    email_from = fields.Char(
        string="From", required=True, default=lambda self: self.env.user.email_formatted
    )
    body_html = fields.Html(string="Message", sanitize="email_outgoing")
    body_preview = fields.Html(
        string="Preview", compute="_compute_body_preview", sanitize="email_outgoing"
    )
    # the audience
    distribution = fields.Selection(
        selection=[
            ("newsletter", "Newsletter subscribers"),
            ("all", "All customers and leads"),
            ("filter", "A selection"),
        ],
        required=True,
        default="newsletter",
        tracking=True,
        help="Whoever has unsubscribed is left out of each.",
    )
    partner_domain = fields.Char(string="Selection", default="[]")
    date_send = fields.Datetime(
        string="Send On", copy=False, help="Empty: as soon as you press “Send”."
    )
    # the history
    history_ids = fields.One2many(comodel_name="bizuno.promo.history", inverse_name="promo_id")
    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("waiting", "Waiting for a mail server"),
            ("scheduled", "Scheduled"),
            ("sending", "Sending"),
            ("done", "Sent"),
        ],
        string="Status",
        compute="_compute_state",
    )
    recipient_count = fields.Integer(string="Recipients", compute="_compute_recipient_count")
    mail_server_missing = fields.Boolean(compute="_compute_mail_server_missing")

    _date_end_after_start = models.Constraint(
        "CHECK (date_end >= date_start)", "A promotion cannot end before it starts."
    )

    def _compute_body_preview(self):
        for promo in self:
            promo.body_preview = promo._get_body()

    @api.depends("history_ids")
    def _compute_state(self):
        for promo in self:
            states = {history.state for history in promo.history_ids}
            promo.state = next(
                (s for s in ("waiting", "sending", "scheduled", "done") if s in states), "draft"
            )

    @api.depends("history_ids.recipient_count")
    def _compute_recipient_count(self):
        for promo in self:
            promo.recipient_count = sum(promo.history_ids.mapped("recipient_count"))

    def _compute_mail_server_missing(self):
        self.mail_server_missing = not self.env["ir.mail_server"]._promo_can_send()

    @api.constrains("email_from")
    def _check_email_from(self):
        for promo in self:
            if not email_normalize(promo.email_from or ""):
                raise ValidationError(messages.promo_sender_invalid(self.env, promo))

    @api.constrains("distribution", "partner_domain")
    def _check_partner_domain(self):
        for promo in self:
            if promo.distribution == "filter":
                promo._get_audience_domain()

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._with_headers_of_one_line(vals) for vals in vals_list])

    def write(self, vals):
        result = super().write(self._with_headers_of_one_line(vals))
        if "company_id" in vals:
            self.company_id.check_access("read")  # none is moved to where nobody here sees it
        return result

    @api.model
    def _with_headers_of_one_line(self, vals):
        # What is no text is refused by the field itself.
        names = [name for name in ("subject", "email_from") if isinstance(vals.get(name), str)]
        return {**vals, **{name: one_line(vals[name]) for name in names}}

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sent(self):
        for promo in self:
            if promo.sudo().history_ids:
                raise UserError(messages.promo_has_history(self.env, promo))

    # --- actions -----------------------------------------------------------------------------

    def action_send(self):
        """Freeze the list of recipients and hand it to Odoo's mailing queue, now or for the date
        in `date_send` (a UTC datetime). Addresses that had this promotion are not on the list.

        :raise AccessError: without the right Promotions: Edit
        :raise UserError: outside the dates of the promotion, without a message, or with nobody
            left to write to
        :return: the history of this send, as a window action
        """
        self.ensure_one()
        self._check_may_send()
        self._check_sendable()
        history = self._freeze()
        history._start()
        self.date_send = False
        return history._get_form_action()

    def action_send_test(self):
        """Send the message to the user's own address, which is no recipient of the promotion.

        :raise UserError: when the user has no address, or the server refused the message
        """
        self.ensure_one()
        self._check_may_send()
        self._check_message()
        address = self.env.user.email_formatted
        if not email_normalize(address or ""):
            raise UserError(messages.promo_no_own_address(self.env))
        mail = self.env["mail.mail"].sudo().create({
            "subject": self.env._("[TEST] %(subject)s", subject=self.subject),
            "body_html": self.env["mail.render.mixin"]._replace_local_links(self._get_body()),
            "email_from": self.email_from,
            "reply_to": self.email_from,
            "email_to": address,
            "auto_delete": True,
        })  # fmt: skip
        mail.send(raise_exception=True)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("A test has been sent to %(address)s.", address=address),
            },
        }

    def action_preview(self):
        """The message as a recipient gets it, in a window."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "bizuno_crm.bizuno_promo_action_preview"
        )
        return {**action, "res_id": self.id}

    def action_view_candidates(self):
        """Who gets the promotion if it is sent now, and who does not, and why."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "bizuno_crm.bizuno_promo_candidate_action"
        )
        return {
            **action,
            "context": {"bizuno_promo_id": self.id, "search_default_group_reason": 1},
        }

    # --- rules -------------------------------------------------------------------------------

    def _check_may_send(self):
        self.check_access("write")
        if not self.env.user.has_group(GROUP_TO_SEND):
            raise AccessError(messages.promo_right_missing(self.env, self, GROUP_TO_SEND))

    def _check_message(self):
        if not (self.subject or "").strip() or is_html_empty(self.body_html):
            raise UserError(messages.promo_message_missing(self.env, self))

    def _check_sendable(self):
        self._check_message()
        moment = self.date_send or fields.Datetime.now()
        if self.date_send and self.date_send < fields.Datetime.now():
            raise UserError(messages.promo_date_past(self.env, self))
        start, end = self._get_window()
        if not self.active or not start <= moment < end:
            raise UserError(messages.promo_outside_window(self.env, self))

    def _get_window(self):
        """:return: the first moment of the promotion and the first one after it, naive UTC"""
        zone = pytz.timezone(self.user_id.tz or "UTC")
        return tuple(
            zone.localize(datetime.combine(day, time.min)).astimezone(pytz.utc).replace(tzinfo=None)
            for day in (self.date_start, self.date_end + timedelta(days=1))
        )

    def _get_body(self):
        """The message as it is mailed: nothing to evaluate, and always a way out. Odoo puts the
        recipient's own link in the place of /unsubscribe_from_list."""
        footer = Markup(
            '<p style="font-size:12px;color:#666666;text-align:center;margin-top:24px">'
            '%s <a href="/unsubscribe_from_list">%s</a></p>'
        ) % (
            self.env._("You get this message from %(company)s.", company=self.company_id.name),
            self.env._("Unsubscribe"),
        )
        return Markup(without_directives(self.body_html or "")) + footer

    def _get_audience_domain(self):
        """Whom the promotion addresses, before anybody is left out."""
        own_company = Domain("company_id", "in", (False, self.company_id.id))
        if self.distribution == "newsletter":
            return own_company & Domain("newsletter", "=", True)
        if self.distribution == "all":
            accounts = self.env["res.partner"]._get_own_account_domain()
            return (
                own_company
                & accounts
                & (Domain("role_customer", "=", True) | Domain("role_lead", "=", True))
            )
        try:
            domain = Domain(literal_eval(self.partner_domain or "[]"))
            domain.validate(self.env["res.partner"])
        except (ValueError, SyntaxError, TypeError) as problem:
            raise ValidationError(messages.promo_selection_invalid(self.env, self)) from problem
        if domain.is_true():
            # An empty selection would be everybody: employees, vendors and all.
            raise ValidationError(messages.promo_selection_empty(self.env, self))
        return own_company & domain

    def _freeze(self):
        """Write down who gets this send, in one statement. The unique index on promotion and
        address decides, whatever happens at the same time in other sessions.

        :return: the new `bizuno.promo.history`
        """
        history = self.env["bizuno.promo.history"].sudo().create({
            "promo_id": self.id, "user_id": self.env.uid, "date_scheduled": self.date_send,
        })  # fmt: skip
        # What a stopped send did not serve is free for this one.
        self.sudo().history_ids.filtered("end_reason")._release_unsent()
        # Who sees which contacts is decided by the rules of the user who sends.
        candidates = self.env["bizuno.promo.candidate"]._get_query(self)
        self.env["bizuno.promo.recipient"].flush_model()
        counts = dict(
            self.env.execute_query(
                SQL(
                    """
                WITH candidate AS MATERIALIZED (%(candidates)s),
                taken AS (
                    INSERT INTO bizuno_promo_recipient AS mine (
                           promo_id, history_id, partner_id, email, email_normalized, send_state,
                           message_bounce, create_uid, create_date, write_uid, write_date)
                    SELECT %(promo)s, %(history)s, partner_id, email_normalized, email_normalized,
                           'pending', 0, %(uid)s, now() AT TIME ZONE 'UTC',
                           %(uid)s, now() AT TIME ZONE 'UTC'
                      FROM candidate
                     WHERE reason = 'included'
                     ORDER BY id
                    ON CONFLICT (promo_id, email_normalized) DO UPDATE
                       SET history_id = EXCLUDED.history_id,
                           partner_id = EXCLUDED.partner_id,
                           send_state = 'pending'
                     WHERE mine.send_state = 'failed'
                    RETURNING 1)
                SELECT reason, count(*) FROM candidate WHERE reason <> 'included' GROUP BY reason
                 UNION ALL
                SELECT 'included', count(*) FROM taken
                    """,
                    promo=self.id,
                    history=history.id,
                    uid=self.env.uid,
                    candidates=candidates,
                )
            )
        )
        taken = counts.pop("included")
        if not taken:
            raise UserError(messages.promo_nobody(self.env, self, self._describe_reasons(counts)))
        self.env["bizuno.promo.recipient"].invalidate_model()
        history.write({"recipient_count": taken, "left_out": json.dumps(counts)})
        return history

    def _describe_reasons(self, counts):
        """:param dict counts: {reason: number}; :return: [(label, number)], most first"""
        field = self.env["bizuno.promo.candidate"]._fields["reason"]
        labels = dict(field._description_selection(self.env))
        return [
            (labels[reason], count)
            for reason, count in sorted(counts.items(), key=lambda item: -item[1])
        ]
