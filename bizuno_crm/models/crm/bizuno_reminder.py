from datetime import datetime, timedelta
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ... import messages
from ...logic import recurrence as rhythm
from ...logic.forms import form_of
from ...logic.moments import days_later
from ..base.bizuno_guard import BizunoGuardMixin
from ..base.withhold import withhold

RECURRENCES = [
    ("z", "Once"),
    ("d", "Daily"),
    ("w", "Weekly"),
    ("b", "Every 2 Weeks"),
    ("h", "Semi-monthly (15 Days)"),
    ("m", "Monthly"),
    ("q", "Quarterly"),
    ("y", "Yearly"),
    ("3", "Every 3 Years"),
]
_CODES = [code for code, _label in RECURRENCES]


class DoneOn(NamedTuple):
    """In the context, as this class, which no remote call can send: when a reminder was done."""

    moment: datetime


class BizunoReminder(models.Model):
    """What a rep wants to be reminded of, once or again and again.

    A cron job turns what is due into an activity of the rep and moves on to the next date. A
    reminder has at most one open activity, so a rep who was away finds one, not forty.
    """

    _name = "bizuno.reminder"
    _description = "Reminder"
    # the guard, because the day it is due follows from its activity and its next date
    _inherit = [
        "bizuno.reminder.target.mixin",
        "bizuno.reminder.activity.mixin",
        BizunoGuardMixin._name,
    ]
    _order = "date_due, id"
    _check_company_auto = True

    name = fields.Char(string="Reminder", required=True)
    note = fields.Text()
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Assigned To",
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
        index=True,
        # a reminder without a user goes to the fallback when it is due
        ondelete="set null",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
        index=True,
    )
    active = fields.Boolean(default=True)

    # dates
    date_start = fields.Date(
        string="Start Date",
        required=True,
        default=fields.Date.context_today,
        help="The first date; later ones follow its pattern (day of the week, day or end of the "
        "month).",
    )
    recurrence = fields.Selection(selection=RECURRENCES, required=True, default="z")
    date_next = fields.Date(
        string="Next Date",
        compute="_compute_date_next",
        store=True,
        readonly=False,
        precompute=True,
        copy=False,
        index="btree_not_null",
        help="The day it appears among the activities; empty if there is no further date.",
    )
    date_due = fields.Date(
        string="Due",
        compute="_compute_date_due",
        store=True,
        index="btree_not_null",
        help="The date of its open activity, otherwise the next date.",
    )
    is_ended_by_project = fields.Boolean(
        string="Ended with Its Project",
        readonly=True,
        copy=False,
        help="It goes on if the project is reopened.",
    )
    is_due = fields.Boolean(compute="_compute_is_due", search="_search_is_due")

    # what becomes of it
    action_id = fields.Many2one(
        comodel_name="bizuno.action.code",
        string="Logged As",
        ondelete="set null",
        help="The action added to the contact log when the reminder is done; Follow up if empty.",
    )
    activity_ids = fields.One2many(
        comodel_name="mail.activity", inverse_name="bizuno_reminder_id", string="Open Activity"
    )

    @api.model
    def default_get(self, fields):
        result = super().default_get(fields)
        if result.get("project_id"):
            result["partner_id"] = False
        return result

    @api.depends("date_start", "recurrence")
    def _compute_date_next(self):
        for reminder in self:
            # A value that is none is refused by the field itself, later.
            if not reminder.date_start or reminder.recurrence not in _CODES:
                continue
            if reminder.recurrence == rhythm.ONCE:
                reminder.date_next = reminder.date_start
            else:
                yesterday = reminder._today() - timedelta(days=1)
                reminder.date_next = rhythm.next_date(
                    reminder.date_start, reminder.recurrence, yesterday
                )

    @api.depends("date_next", "activity_ids.active", "activity_ids.date_deadline")
    def _compute_date_due(self):
        for reminder in self:
            deadlines = reminder.activity_ids.filtered("active").mapped("date_deadline")
            reminder.date_due = min(deadlines, default=reminder.date_next)

    @api.depends("date_due", "user_id")
    def _compute_is_due(self):
        for reminder in self:
            reminder.is_due = bool(reminder.date_due and reminder.date_due <= reminder._today())

    def _search_is_due(self, operator, value):
        if operator != "in" or True not in value:
            return NotImplemented
        return [("date_due", "<=", "today")]

    @api.constrains("user_id")
    def _check_user(self):
        for reminder in self.sudo():
            if reminder.user_id.share:
                raise ValidationError(messages.user_external(self.env, reminder, reminder.user_id))

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            # What is named rules out the other, which a view's context may propose.
            if vals.get("project_id"):
                vals.setdefault("partner_id", False)
            elif vals.get("partner_id"):
                vals.setdefault("project_id", False)
            record = self._record_of(vals).sudo()
            if record.company_id and not vals.get("company_id"):
                vals["company_id"] = record.company_id.id
        reminders = super().create(vals_list)
        reminders._check_targets()
        reminders._wake_up_cron()
        return reminders

    def write(self, vals):
        result = super().write(vals)
        if {"partner_id", "project_id", "company_id"} & vals.keys():
            self._check_targets()
        if vals.get("date_start"):
            self._move_open_activities()
        if vals.get("active"):
            self._bring_back()
        if vals.get("active") is False:
            self._drop_open_activities()
        elif {"name", "user_id"} & vals.keys():
            self._update_open_activities()
        if {"date_next", "date_start", "recurrence", "active"} & vals.keys():
            self._wake_up_cron()
        return result

    def unlink(self):
        self._drop_open_activities()
        return super().unlink()

    def action_done(self, feedback=None):
        """Mark the reminders as done; the contact log gets the feedback.

        One that is not due yet is done ahead of time: it goes on with the date after that.

        :param feedback: text for the contact log; the reminder's name if empty
        :raise AccessError: for somebody else's reminder without the right to edit it
        """
        self._mark_done(feedback)
        return True

    def _mark_done(self, feedback, moment=None):
        """:param moment: when it was done, for the contact log; now if empty"""
        self._check_may_handle()
        for reminder in self.sudo().with_context(bizuno_done_on=moment and DoneOn(moment)):
            activity = reminder.activity_ids.filtered("active")
            if activity:
                activity.action_feedback(feedback=feedback)
            else:
                reminder._after_done(feedback)

    def action_log_done(self):
        """Ask what came of it; without a contact there is no log to write to.

        :return: the action of the log wizard, or True
        """
        self.ensure_one()
        self._check_may_handle()
        wizard, reminder = self.env["bizuno.log.action"], self.sudo()
        if not reminder._record_partner() or not wizard.has_access("create"):
            return self.action_done()
        return wizard._action_open(
            {
                "default_reminder_id": reminder.id,
                "default_partner_id": reminder._record_partner().id,
                "default_project_id": reminder.project_id.id,
                "default_action_id": reminder._log_action_code().id,
            }
        )

    def action_snooze_day(self):
        """Put the reminders off to the day after today (or after their later date).

        :return: the action that says until when
        """
        return self._snooze_by(1)

    def action_snooze_week(self):
        """Put the reminders off by a week from today (or from their later date).

        :return: the action that says until when
        """
        return self._snooze_by(7)

    def action_snooze_to(self, date):
        """Put the reminders off to a day.

        :param date: a date (or its text), after today
        :return: the action that says until when
        :raise UserError: for a day that is not in the future
        :raise AccessError: for somebody else's reminder without the right to edit it
        """
        self._check_may_handle()
        date = self._parse_day(date)
        for reminder in self.sudo():
            if not date or date <= reminder._today():
                raise UserError(messages.reminder_snooze_to_future(self.env, reminder, date))
        return self._snooze(lambda reminder: date)

    def action_undo_snooze(self, date):
        """Bring the reminders back to the day from which they were put off.

        :param date: a date (or its text), not later than the day they are due now
        :raise UserError: for a later day
        :raise AccessError: for somebody else's reminder without the right to edit it
        """
        self._check_may_handle()
        date = self._parse_day(date)
        for reminder in self.sudo():
            if not date or not reminder.date_due or date > reminder.date_due:
                raise UserError(messages.reminder_undo_to_past(self.env, reminder, date))
            reminder._put_off(date)
        return True

    def action_snooze_pick(self):
        """:return: the action of the wizard that asks for the day"""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Snooze Until"),
            "res_model": "bizuno.reminder.snooze",
            "view_mode": "form",
            "target": "new",
            "context": {"default_reminder_ids": self.ids},
        }

    def action_open(self):
        """:return: the action that shows what the reminder is about"""
        self.ensure_one()
        self.check_access("read")
        return form_of(self._record() or self)

    @api.model
    def _parse_day(self, date):
        try:
            return fields.Date.to_date(date)
        except (TypeError, ValueError) as problem:
            raise UserError(messages.date_not_understood(self.env, date)) from problem

    @api.model
    def _today_of(self, user):
        """:return: the date it is for a user, in the user's own timezone"""
        return fields.Date.context_today(self.with_context(tz=user.sudo().tz or "UTC"))

    def _today(self):
        return self._today_of(self.user_id)

    def _log_action_code(self):
        codes = self.env["bizuno.action.code"].sudo()
        follow_up = self.env.ref("bizuno_crm.action_code_flw", raise_if_not_found=False) or codes
        code = self.action_id or follow_up.sudo()
        return (code if code.active else code.browse()) or codes.search([], limit=1)

    def _check_may_handle(self):
        """A reminder is its user's to handle; others need the right to edit it."""
        for reminder in self:
            if not reminder._is_handled_by_user():
                reminder.check_access("read")  # whose it is, is not for everybody
                raise AccessError(messages.reminder_not_yours(self.env, reminder))

    def _is_handled_by_user(self):
        self.ensure_one()
        return self.sudo().user_id == self.env.user or self.has_access("write")

    def _snooze_by(self, days):
        self._check_may_handle()

        def later(reminder):
            today = reminder._today()
            return days_later(max(today, reminder.date_due or today), days)

        return self._snooze(later)

    def _snooze(self, get_date):
        """:return: the action that says until when, and offers to undo it"""
        days_before = [
            [fields.Date.to_string(date), reminders.ids]
            for date, reminders in self.sudo().grouped("date_due").items()
            if date
        ]
        for reminder in self.sudo():
            reminder._put_off(get_date(reminder))
        return {
            "type": "ir.actions.client",
            "tag": "bizuno_snoozed",
            "params": {
                "message": messages.reminders_put_off(self.env, self),
                "days_before": days_before,
            },
        }

    def _after_done(self, feedback, message=None):
        """Write the contact log, and end or move on; called as superuser.

        :param message: what the done activity left in the chatter; None if there was no activity
        """
        for reminder in self:
            reminder._write_log(feedback, message)
            if reminder.recurrence == rhythm.ONCE:
                reminder.active = False
            elif message is None and reminder.date_next:
                # done ahead of time: the date it had counts as done
                reminder.date_next = rhythm.next_date(
                    reminder.date_start, reminder.recurrence, reminder.date_next
                )

    def _write_log(self, feedback, message=None):
        partner, action = self._record_partner(), self._log_action_code()
        if not partner or not action:
            return
        done_on = self.env.context.get("bizuno_done_on")
        self.env["bizuno.contact.log"].create(
            {
                **({"date": done_on.moment} if isinstance(done_on, DoneOn) else {}),
                "partner_id": partner.id,
                "project_id": self.project_id.id,
                "user_id": self.env.uid,
                "action_id": action.id,
                "notes": feedback or self.name,
                "company_id": self.company_id.id,
                "message_ids": message.ids if message else [],
            }
        )

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        return withhold(
            super().fields_get(allfields, attributes),
            ("is_ended_by_project", "res_id", "res_model"),
        )
