import json
from ast import literal_eval
from collections import Counter
from datetime import timedelta
from smtplib import SMTPException

import pytz
from markupsafe import Markup
from odoo import api, fields, models
from odoo.addons.base.models.ir_mail_server import MailDeliveryException
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import (
    SQL,
    email_normalize,
    html2plaintext,
    is_html_empty,
)
from odoo.tools.mail import html_to_inner_content

from ... import messages
from ...logic.moments import begin_of_day, end_of_day
from ...logic.promo_body import FOOTER_CLASS, one_line, with_footer, without_directives
from ...logic.promo_fields import fill_text, find_unknown, join_html, split_html
from ...logic.promo_states import TO_SEND_AGAIN
from ..base.bizuno_guard import BizunoGuardMixin
from ..base.withhold import withhold
from .bizuno_promo_history import UNDER_WAY

GROUP_TO_SEND = "bizuno_crm.group_promo_edit"

# What a send has been started with: what changed now would not be sent, and nobody would see it.
FIXED_UNDER_WAY = {
    "active", "subject", "body_html", "email_from", "distribution", "partner_domain",
    "date_start", "date_end", "date_send", "company_id",
}  # fmt: skip


class BizunoPromo(models.Model):
    """One message to many contacts, within a window of dates, to each address once.

    Odoo's mass mailing sends, tracks and unsubscribes. The promotion decides who gets it, and
    freezes that list when the user says "send": see `bizuno.promo.recipient`.
    """

    _name = "bizuno.promo"
    _description = "Promotion"
    # the guard, because the state of a promotion follows from its sends
    _inherit = ["mail.thread", "mail.activity.mixin", BizunoGuardMixin._name]
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
    subject = fields.Char(help="Fields may stand here, too: {name}, {company}, {id} …")
    email_from = fields.Char(
        string="From", required=True, default=lambda self: self.env.user.email_formatted
    )
    body_html = fields.Html(string="Message", sanitize="email_outgoing")
    subject_preview = fields.Char(compute="_compute_body_preview")
    unknown_fields = fields.Char(
        compute="_compute_unknown_fields", help="What is written like a field and is none."
    )
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
            ("failed", "Not delivered"),
            ("stopped", "Stopped"),
        ],
        string="Status",
        compute="_compute_state",
        compute_sudo=True,
    )
    is_under_way = fields.Boolean(compute="_compute_state", compute_sudo=True)
    date_planned = fields.Datetime(
        string="Planned For", compute="_compute_state", compute_sudo=True
    )
    end_reason = fields.Char(compute="_compute_state", compute_sudo=True)
    recipient_count = fields.Integer(
        string="Recipients", compute="_compute_counts", compute_sudo=True,
        help="The people who have had it, or have it before them; each once.",
    )  # fmt: skip
    failed_count = fields.Integer(
        string="Not Delivered", compute="_compute_counts", compute_sudo=True
    )
    in_doubt_count = fields.Integer(string="In Doubt", compute="_compute_counts", compute_sudo=True)
    opened_ratio = fields.Float(
        string="Opened (%)", compute="_compute_counts", compute_sudo=True,
        help="Of those to whom it was delivered.",
    )  # fmt: skip
    mail_server_missing = fields.Boolean(compute="_compute_mail_server_missing")

    _date_end_after_start = models.Constraint(
        "CHECK (date_end >= date_start)", "A promotion cannot end before it starts."
    )

    @api.depends("subject", "body_html", "company_id")
    @api.depends_context("lang", "uid")
    def _compute_body_preview(self):
        for promo in self:
            promo.subject_preview, promo.body_preview = promo._get_sample()

    @api.depends("subject", "body_html")
    def _compute_unknown_fields(self):
        for promo in self:
            unknown = find_unknown(
                f"{promo.subject or ''} {html_to_inner_content(promo.body_html)}"
            )
            promo.unknown_fields = ", ".join(f"{{{name}}}" for name in unknown)

    @api.depends("history_ids.state", "history_ids.date_scheduled")
    def _compute_state(self):
        for promo in self:
            histories = promo.history_ids.sorted("id", reverse=True)
            going_on = histories.filtered(lambda history: history.state in UNDER_WAY)
            promo.is_under_way = bool(going_on)
            promo.date_planned = going_on.filtered(lambda h: h.state == "scheduled")[
                :1
            ].date_scheduled
            last = histories[:1]
            promo.end_reason = False
            if going_on:
                states = set(going_on.mapped("state"))
                promo.state = next(s for s in ("waiting", "sending", "scheduled") if s in states)
            elif last.end_reason:
                promo.state = "stopped"
                labels = dict(last._fields["end_reason"]._description_selection(self.env))
                promo.end_reason = labels[last.end_reason]
            elif any(history.state == "done" for history in histories):
                promo.state = "done"
            else:
                promo.state = last.state or "draft"

    @api.depends("history_ids.recipient_count", "history_ids.recipient_ids.send_state")
    def _compute_counts(self):
        figures = self.env["bizuno.promo.recipient"]._count_statuses(self.history_ids._origin)
        for promo in self:
            total = Counter()
            for history in promo.history_ids._origin:
                total.update(figures[history.id])
            promo.recipient_count = sum(promo.history_ids.mapped("recipient_count"))
            promo.failed_count = total["failed"]
            promo.in_doubt_count = total["in_doubt"]
            delivered = total["sent"] + total["opened"] + total["clicked"]
            promo.opened_ratio = 100.0 * total["read"] / delivered if delivered else 0.0

    def _compute_mail_server_missing(self):
        self.mail_server_missing = not self.env["ir.mail_server"]._promo_is_set_up()

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
        """A send that is under way keeps what it was started with; Stop comes before a change.

        :raise UserError: when the text, the recipients or the dates are changed meanwhile
        """
        if not self.env.su and FIXED_UNDER_WAY & vals.keys():
            for promo in self.filtered("is_under_way"):
                if promo._has_other_values(vals):
                    raise UserError(messages.promo_under_way(self.env, promo))
        result = super().write(self._with_headers_of_one_line(vals))
        if "company_id" in vals:
            self.company_id.check_access("read")  # none is moved to where nobody here sees it
        return result

    def _has_other_values(self, vals):
        """Whether a write would change what is fixed; web pages send values as they were, too."""
        for name in FIXED_UNDER_WAY & vals.keys():
            field = self._fields[name]
            new = field.convert_to_cache(vals[name], self)
            if new != field.convert_to_cache(self[name], self):
                return True
        return False

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        for promo, vals in zip(self, vals_list, strict=True):
            if "name" not in (default or {}):
                vals["name"] = self.env._("%(name)s (copy)", name=promo.name)
        return vals_list

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
        # In sudo: it is under way by now. The moment stands in the history.
        self.sudo().date_send = False
        return history._get_form_action()

    def action_stop(self):
        """Stop what is under way: see `bizuno.promo.history.action_cancel`.

        :raise AccessError: without the right Promotions: Edit
        """
        self._check_may_send()
        self.history_ids.action_cancel()

    def action_view_recipients(self):
        """Who has had the promotion, or has it before them; see
        `bizuno.promo.history.action_view_recipients` for the context."""
        self.ensure_one()
        return self.env["bizuno.promo.recipient"]._get_list_action([("promo_id", "=", self.id)])

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
        subject, body = self._get_sample()
        body = self.env["mail.render.mixin"]._replace_local_links(body)
        server = self.env["ir.mail_server"].sudo()
        try:
            server.send_email(
                server._build_email__(
                    email_from=self.email_from,
                    email_to=[address],
                    reply_to=self.email_from,
                    subject=self.env._("[TEST] %(subject)s", subject=subject),
                    body=body,
                    body_alternative=html2plaintext(body),
                    subtype="html",
                    subtype_alternative="plain",
                )
            )
        except (MailDeliveryException, SMTPException, OSError, AssertionError) as problem:
            reason = " ".join(str(part) for part in problem.args if part) or repr(problem)
            raise UserError(messages.promo_test_failed(self.env, address, reason)) from problem
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
        return begin_of_day(self.date_start, zone), end_of_day(self.date_end, zone)

    def _get_body(self):
        """The message as it is frozen: nothing to evaluate, and always a way out. Each recipient
        gets it with the fields filled in, and with the footer in their own language."""
        return Markup(without_directives(self.body_html or "")) + self._get_footer()

    def _get_footer(self, lang=None, link="/unsubscribe_from_list", link_text=None):
        """Who writes, from where, and the way out. Odoo puts the recipient's own link in the place
        of /unsubscribe_from_list."""
        promo = self.with_context(lang=lang) if lang else self
        company = promo.company_id.sudo()
        address = company.partner_id._display_address(without_company=True)
        return Markup(
            '<p class="%s" style="font-size:12px;color:#666666;text-align:center;margin-top:24px">'
            '%s<br/>%s<br/><a href="%s">%s</a></p>'
        ) % (
            FOOTER_CLASS,
            promo.env._("You get this message from %(company)s.", company=company.name),
            ", ".join(line.strip() for line in address.splitlines() if line.strip()),
            link,
            link_text or promo.env._("Unsubscribe"),
        )

    def _get_sample(self):
        """:return: subject and message as the user would get them, were they a recipient; the way
        out says that it is a test"""
        footer = self._get_footer(
            link="/bizuno/promotion/test",
            link_text=self.env._("Unsubscribe (this is a test: the link unsubscribes nobody)"),
        )
        body = with_footer(without_directives(self.body_html or ""), footer)
        values = self.env.user.partner_id._promo_field_values(self.env.user.email)
        return (
            one_line(fill_text(self.subject, values)),
            Markup(join_html(split_html(body), values)),
        )

    def _get_audience_domain(self):
        """Whom the promotion addresses, before anybody is left out."""
        own_company = Domain("company_id", "in", (False, self.company_id.id))
        if self.distribution == "newsletter":
            # Who has said no is on the list as well, with that reason.
            said = Domain("newsletter", "=", True) | Domain("newsletter_date", "!=", False)
            return own_company & said
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
        # Whoever writes the text at this moment is told so, instead of changing what is sent.
        self.env.execute_query(
            SQL(
                "UPDATE bizuno_promo SET write_date = write_date WHERE id = %s RETURNING id",
                self.id,
            )
        )
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
                     WHERE mine.send_state = ANY(%(again)s)
                    RETURNING 1)
                SELECT reason, count(*) FROM candidate WHERE reason <> 'included' GROUP BY reason
                 UNION ALL
                SELECT 'included', count(*) FROM taken
                    """,
                    promo=self.id,
                    history=history.id,
                    uid=self.env.uid,
                    again=list(TO_SEND_AGAIN),
                    candidates=candidates,
                )
            )
        )
        taken = counts.pop("included")
        if not taken:
            raise UserError(messages.promo_nobody(self.env, self, self._describe_reasons(counts)))
        self.env["bizuno.promo.recipient"].invalidate_model()
        history.write({"recipient_count": taken, "left_out": json.dumps(counts)})
        # Who is tried again counts here, and no longer where it failed.
        (self.sudo().history_ids - history)._count_recipients()
        return history

    def _describe_reasons(self, counts):
        """:param dict counts: {reason: number}; :return: [(label, number)], most first"""
        field = self.env["bizuno.promo.candidate"]._fields["reason"]
        labels = dict(field._description_selection(self.env))
        return [
            (labels[reason], count)
            for reason, count in sorted(counts.items(), key=lambda item: -item[1])
        ]

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        return withhold(super().fields_get(allfields, attributes), ("partner_domain",))
