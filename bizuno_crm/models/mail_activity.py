from odoo import fields, models


class MailActivity(models.Model):
    """An activity that a reminder made: however it is done, the reminder hears of it."""

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
        "This reminder has an open activity already.",
    )

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
