from odoo import api, fields, models
from odoo.tools.misc import clean_context

from ...logic.moments import days_later
from ...logic.recurrence import ONCE


class BizunoLogAction(models.TransientModel):
    """Log an action and, in the same step, the next reminder."""

    _name = "bizuno.log.action"
    _description = "Log Action"

    partner_id = fields.Many2one(comodel_name="res.partner", string="Contact", required=True)
    project_id = fields.Many2one(comodel_name="bizuno.project")
    # the one that was marked as done, and so asks what came of it
    reminder_id = fields.Many2one(comodel_name="bizuno.reminder", string="Done")
    # Who opens the page and calls has not pressed Done anywhere: it is offered here.
    due_reminder_id = fields.Many2one(
        comodel_name="bizuno.reminder", compute="_compute_due_reminder_id", compute_sudo=False
    )
    due_reminder_date = fields.Date(related="due_reminder_id.date_due")
    is_reminder_done = fields.Boolean(
        string="Mark as Done", help="Also mark this due reminder as done."
    )
    action_id = fields.Many2one(
        comodel_name="bizuno.action.code",
        required=True,
        default=lambda self: self.env["bizuno.action.code"].search([], limit=1),
    )
    date = fields.Datetime(
        required=True,
        default=fields.Datetime.now,
        help="When it happened; it cannot be in the future.",
    )
    notes = fields.Text()
    reminder_date = fields.Date(
        string="Remind Me On",
        compute="_compute_reminder_date",
        # what the user may see decides
        compute_sudo=False,
        store=True,
        readonly=False,
        help="Proposed by the action code; leave empty for no reminder.",
    )
    reminder_name = fields.Char(
        string="To", compute="_compute_reminder_name", store=True, readonly=False
    )

    @api.depends("partner_id", "project_id", "reminder_id")
    def _compute_due_reminder_id(self):
        for wizard in self:
            about = wizard.project_id or wizard.partner_id
            due = self.env["bizuno.reminder"]
            if about and not wizard.reminder_id:
                due = due.search([*about._reminders_domain(), ("is_due", "=", True)])
                mine = due.filtered(lambda reminder: reminder.user_id == self.env.user)
                due = mine or due.filtered(lambda reminder: reminder._is_handled_by_user())
            wizard.due_reminder_id = due[:1]

    @api.depends(
        "action_id", "partner_id", "project_id", "reminder_id", "due_reminder_id",
        "is_reminder_done",
    )  # fmt: skip
    def _compute_reminder_date(self):
        today = fields.Date.context_today(self)
        for wizard in self:
            recurs = wizard._done_reminder().sudo().recurrence not in (False, ONCE)
            about = wizard.project_id or wizard.partner_id
            # One that recurs comes again by itself; whose customer has gone to a colleague has
            # done what is left to do.
            is_next = not recurs and (not about or about.has_access("read"))
            days = wizard.action_id.follow_up_days if is_next else 0
            wizard.reminder_date = days_later(today, days) if days else False

    @api.depends("partner_id", "project_id")
    def _compute_reminder_name(self):
        for wizard in self:
            about = wizard.project_id or wizard.partner_id
            wizard.reminder_name = self.env._("Follow up: %(name)s", name=about.display_name or "")

    def action_confirm(self):
        """Write the log entry (or mark the reminder as done, which writes it) and set the reminder.

        :raise AccessError: without the right to log, or for somebody else's reminder
        """
        self.ensure_one()
        context = clean_context(self.env.context)
        self = self.with_context(context)  # pylint: disable=context-overridden
        reminder = self._done_reminder()
        if reminder:
            reminder._check_may_handle()
            reminder.sudo().action_id = self.action_id
            reminder._mark_done(self.notes, self.date)
        else:
            self.env["bizuno.contact.log"].create(
                {
                    "partner_id": self.partner_id.id,
                    "project_id": self.project_id.id,
                    "action_id": self.action_id.id,
                    "date": self.date,
                    "notes": self.notes,
                }
            )
        if self.reminder_date:
            about = (
                {"project_id": self.project_id.id}
                if self.project_id
                else {"partner_id": self.partner_id.id}
            )
            self.env["bizuno.reminder"].create(
                {
                    "name": self.reminder_name or self.action_id.name,
                    "date_start": self.reminder_date,
                    **about,
                }
            )
        return {"type": "ir.actions.act_window_close"}

    def _done_reminder(self):
        return self.reminder_id or self.filtered("is_reminder_done").due_reminder_id

    @api.model
    def _action_open(self, context):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Log Action"),
            "res_model": self._name,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": context,
        }
