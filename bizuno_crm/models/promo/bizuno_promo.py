from collections import Counter
from datetime import timedelta

import pytz
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ... import messages
from ...logic.moments import begin_of_day, end_of_day
from ..base.bizuno_guard import BizunoGuardMixin
from ..base.withhold import withhold
from .bizuno_promo_history import SEND_STATES, UNDER_WAY

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
    _inherit = [
        "bizuno.promo.message.mixin",
        "bizuno.promo.audience.mixin",
        "mail.thread",
        "mail.activity.mixin",
        BizunoGuardMixin._name,
    ]
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
        help="The promotion's dates are in this user's time zone.",
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
    date_send = fields.Datetime(
        string="Send On", copy=False, help="Leave empty to send as soon as you press “Send”."
    )
    # the history
    history_ids = fields.One2many(comodel_name="bizuno.promo.history", inverse_name="promo_id")
    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            *SEND_STATES,
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
        help="People who have received it or will receive it, each counted once.",
    )  # fmt: skip
    failed_count = fields.Integer(
        string="Not Delivered", compute="_compute_counts", compute_sudo=True
    )
    in_doubt_count = fields.Integer(string="In Doubt", compute="_compute_counts", compute_sudo=True)
    opened_ratio = fields.Float(
        string="Opened (%)", compute="_compute_counts", compute_sudo=True,
        help="Of the recipients it was delivered to.",
    )  # fmt: skip
    mail_server_missing = fields.Boolean(compute="_compute_mail_server_missing")

    _date_end_after_start = models.Constraint(
        "CHECK (date_end >= date_start)", "A promotion cannot end before it starts."
    )

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

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sent(self):
        for promo in self:
            if promo.sudo().history_ids:
                raise UserError(messages.promo_has_history(self.env, promo))

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

    def _check_may_send(self):
        self.check_access("write")
        if not self.env.user.has_group(GROUP_TO_SEND):
            raise AccessError(messages.promo_right_missing(self.env, self, GROUP_TO_SEND))

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

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        return withhold(super().fields_get(allfields, attributes), ("partner_domain",))
