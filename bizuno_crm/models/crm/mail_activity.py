from odoo import api, fields, models
from odoo.exceptions import AccessError

from ...messages import reminder_of_activity_fixed


class MailActivity(models.Model):
    # An activity that a reminder made: however it is done, the reminder hears of it.

    _inherit = "mail.activity"

    bizuno_reminder_id = fields.Many2one(
        comodel_name="bizuno.reminder",
        string="Reminder",
        copy=False,
        ondelete="set null",
        index="btree_not_null",
    )

    # The database's own word that reminders do not flood.
    _bizuno_reminder_one_open = models.UniqueIndex(
        "(bizuno_reminder_id) WHERE bizuno_reminder_id IS NOT NULL AND active",
        "This reminder already has an open activity.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        default = self.default_get(["bizuno_reminder_id"])
        for vals in vals_list:
            self._check_may_remind({**default, **vals})
        return super().create(vals_list)

    def write(self, vals):
        self._check_may_remind(vals)
        result = super().write(vals)
        if "user_id" in vals:
            # Given to somebody else in the clock or the chatter: the reminder is theirs as well.
            for activity in self.sudo().filtered("active"):
                reminder, user = activity.bizuno_reminder_id, activity.user_id
                if user and reminder and reminder.user_id != user:
                    reminder.user_id = user
        return result

    def _check_may_remind(self, vals):
        """Done or cancelled, the activity of a reminder ends it and writes the contact log: who
        ties one to a reminder must be allowed to do that to the reminder itself.

        :raise AccessError: for somebody else's reminder
        """
        if self.env.su or "bizuno_reminder_id" not in vals:
            return
        reminder_id = vals["bizuno_reminder_id"] or None
        reminders = self.sudo().bizuno_reminder_id.sudo(False)
        if type(reminder_id) is int:
            reminders += reminders.browse(reminder_id).exists()
        # The database would take an id that is written as text for one, too.
        is_text = reminder_id is not None and type(reminder_id) is not int
        if is_text or not all(reminder._is_handled_by_user() for reminder in reminders):
            raise AccessError(reminder_of_activity_fixed(self.env))

    def _action_done(self, feedback=False, attachment_ids=None):
        # The contact log gets it wherever an activity is marked as done: clock, chatter, list.
        reminded = self.filtered("bizuno_reminder_id")
        messages, next_activities = super(MailActivity, self - reminded)._action_done(
            feedback=feedback, attachment_ids=attachment_ids
        )
        for activity in reminded:
            was_open = activity.active
            reminder = activity.sudo().bizuno_reminder_id
            message, following = super(MailActivity, activity)._action_done(
                feedback=feedback, attachment_ids=attachment_ids
            )
            messages += message
            next_activities += following
            if was_open:
                reminder._after_done(feedback, message)
        return messages, next_activities

    def unlink(self):
        # Cancelling the activity of a reminder without a further date ends the reminder.
        ended = (
            self.filtered("active").sudo().bizuno_reminder_id.filtered(lambda r: not r.date_next)
        )
        result = super().unlink()
        ended.exists().filtered("active").active = False
        return result
