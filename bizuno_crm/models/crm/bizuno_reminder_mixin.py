from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..base.bizuno_guard import readers_only

READERS = "bizuno_crm.group_lead_read,bizuno_crm.group_project_read"


class BizunoReminderMixin(models.AbstractModel):
    """The next reminder of a record as one date: to see, to sort by, and to set.

    A model that inherits it declares `reminder_ids`.
    """

    _name = "bizuno.reminder.mixin"
    _description = "Reminder Mixin"

    reminder_date = fields.Date(
        string="Next Reminder",
        compute="_compute_reminder_date",
        inverse="_inverse_reminder_date",
        search="_search_reminder_date",
        copy=False,
        groups=READERS,
        help="The date of the next open reminder. Enter a date to set or move the reminder; clear "
        "it to end the reminder.",
    )

    @api.depends("reminder_ids.date_due", "reminder_ids.active")
    @api.depends_context("allowed_company_ids")
    def _compute_reminder_date(self):
        link = self._reminder_link()
        dates = dict(
            self.env["bizuno.reminder"]
            .sudo()
            ._read_group(
                [(link, "in", self.ids), ("company_id", "in", self.env.companies.ids)],
                [link],
                ["date_due:min"],
            )
        )
        self.reminder_date = False
        for record in self.filtered(lambda record: record._origin in dates):
            record.reminder_date = dates[record._origin]

    def _inverse_reminder_date(self):
        for record in self:
            date = record.reminder_date
            reminder = record._next_reminder()
            if reminder:
                reminder._check_may_handle()
            if not date:
                reminder.sudo().active = False
            elif reminder:
                reminder.sudo()._put_off(date)
            else:
                self.env["bizuno.reminder"].create(record._prepare_reminder_vals(date))

    @readers_only("reminder_date")
    def _search_reminder_date(self, operator, value):
        def any_open(*condition):
            domain = Domain("active", "=", True) & Domain(*condition)
            return Domain("reminder_ids", "any", domain)

        if operator in ("<", "<="):
            return any_open("date_due", operator, value)
        if operator in (">", ">="):
            earlier = "<" if operator == ">=" else "<="
            return any_open("date_due", operator, value) & ~any_open("date_due", earlier, value)
        if operator != "in":
            return NotImplemented
        domains = [
            ~any_open("date_due", "!=", False)
            if not day
            else any_open("date_due", "=", day) & ~any_open("date_due", "<", day)
            for day in value
        ]
        return Domain.OR(domains)

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        # Not stored, so that a reminder does not lock the contact; sortable all the same.
        if field_name == "reminder_date":
            self._check_field_access(self._fields["reminder_date"], "read")
            reminders = self.env["bizuno.reminder"]
            reminders.flush_model(["date_due", "active", "company_id", self._reminder_link()])
            earliest = SQL(
                "(SELECT MIN(r.date_due) FROM bizuno_reminder r"
                " WHERE r.active AND r.company_id = ANY(%s) AND %s = %s)",
                self.env.companies.ids,
                SQL.identifier("r", self._reminder_link()),
                SQL.identifier(alias, "id"),
            )
            return SQL("%s %s %s", earliest, direction, nulls)
        return super()._order_field_to_sql(alias, field_name, direction, nulls, query)

    @api.model
    def _reminder_link(self):
        """:return: the field of `bizuno.reminder` that points to this model"""
        return self._fields["reminder_ids"].inverse_name

    def _reminders_domain(self):
        """:return: what finds the reminders that are shown with these records"""
        return [(self._reminder_link(), "in", self.ids)]

    def _next_reminder(self):
        companies = self.env.companies
        reminders = self.sudo().reminder_ids.filtered(
            lambda r: r.active and r.date_due and r.company_id in companies
        )
        return reminders.sorted("date_due")[:1].sudo(self.env.su)

    def _prepare_reminder_vals(self, date):
        return {
            "name": self.env._("Follow up: %(name)s", name=self.display_name),
            "user_id": (self.user_id or self.env.user).id,
            "company_id": (self.company_id or self.env.company).id,
            "date_start": date,
            self._reminder_link(): self.id,
        }
