from datetime import timedelta

from odoo import fields, models


class BizunoReminderSnooze(models.TransientModel):
    """Put reminders off to a day of one's choice."""

    _name = "bizuno.reminder.snooze"
    _description = "Snooze Reminders"

    reminder_ids = fields.Many2many(comodel_name="bizuno.reminder", required=True)
    date = fields.Date(
        string="Snooze Until",
        required=True,
        default=lambda self: fields.Date.context_today(self) + timedelta(days=7),
    )

    def action_confirm(self):
        """Put the reminders off to the chosen day.

        :return: the action that says until when
        """
        return self.reminder_ids.action_snooze_to(self.date)
