from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import plaintext2html

from ...logic import recurrence as rhythm
from ..base.jobs import run_each

ACTIVITY_TYPE = "mail.mail_activity_data_todo"


class BizunoReminderActivityMixin(models.AbstractModel):
    """When a reminder becomes an activity, whose, and what becomes of the activity when the
    reminder changes. A reminder has at most one that is open."""

    _name = "bizuno.reminder.activity.mixin"
    _description = "Activity of a Reminder"

    @api.model
    def _cron_surface_due(self):
        """Turn every reminder that is due into an activity of its rep, once per date: however many
        workers run this at once, one of them moves it on and the others pass it by."""
        # A day further than today in UTC: somewhere that day has begun already.
        tomorrow = fields.Date.today() + timedelta(days=1)
        candidates = self.search([("date_next", "<=", tomorrow)], order="date_next, id")
        due = candidates.filtered(lambda reminder: reminder.date_next <= reminder._today())
        # Activities refer to the row: that must stay possible for others meanwhile.
        run_each(due, lambda reminder: reminder._surface_if_still_due(), allow_referencing=True)

    def _surface_if_still_due(self):
        if self.active and self.date_next and self.date_next <= self._today():
            self._surface()

    def _surface(self):
        """Make the activity of the date that is due, and move on to the next date."""
        self.ensure_one()
        responsible = self._responsible()
        if responsible != self.user_id:
            self.user_id = responsible
        if not self.activity_ids.filtered("active"):
            self._create_activity()
        self.date_next = rhythm.next_date(
            self.date_start, self.recurrence, max(self._today(), self.date_next)
        )

    def _create_activity(self):
        # No "assigned to you" mail for each: the clock and the list are what it is for.
        values = {
            "summary": self.name,
            "note": plaintext2html(self.note) if self.note else False,
            "date_deadline": self.date_next,
            "user_id": self.user_id.id,
            "bizuno_reminder_id": self.id,
            "automated": True,
        }
        record = self._record().with_context(mail_activity_quick_update=True)
        if record:
            return record.activity_schedule(ACTIVITY_TYPE, **values)
        kind = self.env["ir.model.data"]._xmlid_to_res_id(ACTIVITY_TYPE, raise_if_not_found=False)
        return record.env["mail.activity"].create(
            {
                **values,
                "activity_type_id": kind or self.env["mail.activity"]._default_activity_type().id,
                "res_model_id": False,
            }
        )

    def _responsible(self, leaving=()):
        """Who gets the activity.

        :param leaving: users who are about to be archived
        :return: the rep while active; else the leader of the rep's sales team, else the fallback of
            Settings, else a Bizuno Manager
        """
        self.ensure_one()
        user, company = self.user_id, self.company_id
        if user.active and not user.share and user not in leaving and company in user.company_ids:
            return user
        candidates = user._get_sales_team_leader() + company.reminder_fallback_user_id
        managers = self.env.ref("bizuno_crm.group_manager").all_user_ids.sorted("id")
        root = self.env.ref("base.user_root")
        candidates += managers - root
        fit = candidates.filtered(
            lambda u: u.active and not u.share and u not in leaving and company in u.company_ids
        )
        return fit[:1] or self.env.ref("base.user_admin")

    @api.model
    def _hand_over(self, users):
        """Give the reminders of users who leave, and what is open of them, to their substitutes.

        Called before they are archived, for then Odoo deletes their activities.
        """
        for reminder in self.sudo().search([("user_id", "in", users.ids)]):
            reminder.user_id = reminder._responsible(leaving=users)

    def _wake_up_cron(self):
        """Do not let a reminder that is due already wait for the next regular run."""
        if any(r.active and r.date_next and r.date_next <= r._today() for r in self):
            cron = self.env.ref("bizuno_crm.ir_cron_reminder", raise_if_not_found=False)
            if cron:
                cron.sudo()._trigger()

    def _put_off(self, date):
        activity = self.activity_ids.filtered("active")
        if activity:
            activity.date_deadline = date
        else:
            self.date_next = date

    def _drop_open_activities(self):
        self.sudo().activity_ids.filtered("active").unlink()

    def _end_with_project(self):
        self.write({"active": False, "is_ended_by_project": True})

    def _go_on_with_project(self):
        ended = self.filtered("is_ended_by_project")
        ended.is_ended_by_project = False
        ended.filtered(lambda record: not record.active).active = True

    def _bring_back(self):
        """What was done by mistake, and has no further date, is due again."""
        for reminder in self.sudo().filtered(lambda record: not record.date_due):
            reminder.date_next = max(reminder.date_start, reminder._today())

    def _move_open_activities(self):
        """What happens once, and is open, goes to its new day."""
        for reminder in self.sudo():
            activity = reminder.activity_ids.filtered("active")
            if activity and reminder.recurrence == rhythm.ONCE:
                reminder._put_off(reminder.date_start)
                reminder.date_next = False

    def _update_open_activities(self):
        for reminder in self.sudo():
            activity = reminder.activity_ids.filtered("active")
            if activity:
                activity.with_context(mail_activity_quick_update=True).write(
                    {
                        "summary": reminder.name,
                        "user_id": reminder.user_id.id,
                    }
                )
