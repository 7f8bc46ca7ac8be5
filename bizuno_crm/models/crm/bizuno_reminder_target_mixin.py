from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ... import messages
from ...logic.phone import number_to_call
from .targets import check_readable


class BizunoReminderTargetMixin(models.AbstractModel):
    """What a reminder is about: a contact, a project, or nothing."""

    _name = "bizuno.reminder.target.mixin"
    _description = "What a Reminder Is About"

    # Real foreign keys, so that merging and deleting contacts leaves nothing
    # dangling; res_model and res_id are the two in one
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Contact", index="btree_not_null", ondelete="cascade"
    )
    project_id = fields.Many2one(
        comodel_name="bizuno.project",
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
    )
    res_model = fields.Char(
        string="Related Document Model",
        compute="_compute_res",
        inverse="_inverse_res",
        search="_search_res_model",
    )
    res_id = fields.Many2oneReference(
        string="Related Document",
        model_field="res_model",
        compute="_compute_res",
        inverse="_inverse_res",
        search="_search_res_id",
    )
    res_name = fields.Char(string="About", compute="_compute_res_name")
    # what the user may know of the contact, and no more
    phone = fields.Char(compute="_compute_phone", compute_sudo=False)
    last_said = fields.Char(compute="_compute_last_said", compute_sudo=False)

    @api.depends("partner_id", "project_id")
    def _compute_res(self):
        for reminder in self:
            record = reminder._record()
            reminder.res_model = record._name if record else False
            reminder.res_id = record.id if record else False

    def _inverse_res(self):
        for reminder in self:
            # read both before the first assignment changes them
            model, res_id = reminder.res_model, reminder.res_id
            if model and model not in ("res.partner", "bizuno.project"):
                raise ValidationError(messages.reminder_model_unknown(self.env, model))
            reminder.write(
                {
                    "partner_id": res_id if model == "res.partner" else False,
                    "project_id": res_id if model == "bizuno.project" else False,
                }
            )

    def _search_res_model(self, operator, value):
        if operator != "in":
            return NotImplemented
        on_partner, on_project = (
            Domain("partner_id", "!=", False),
            Domain("project_id", "!=", False),
        )
        return Domain.OR(
            [
                on_partner if "res.partner" in value else Domain.FALSE,
                on_project if "bizuno.project" in value else Domain.FALSE,
                ~on_partner & ~on_project if False in value else Domain.FALSE,
            ]
        )

    def _search_res_id(self, operator, value):
        if operator != "in":
            return NotImplemented
        ids = [res_id for res_id in value if res_id]
        domain = Domain("partner_id", "in", ids) | Domain("project_id", "in", ids)
        if len(ids) < len(value):
            domain |= Domain("partner_id", "=", False) & Domain("project_id", "=", False)
        return domain

    @api.depends("partner_id", "project_id")
    def _compute_res_name(self):
        for reminder in self:
            reminder.res_name = reminder.sudo()._record().display_name

    # Apart: the list shows the number alone, and the log has very many entries.
    @api.depends("partner_id", "project_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_phone(self):
        people = self.env["bizuno.dashboard"]._get_people_to_call(self)
        for reminder in self:
            person, company = people[reminder]
            reminder.phone = number_to_call(person.phone, company.phone)

    @api.depends("partner_id", "project_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_last_said(self):
        calls = self.env["bizuno.dashboard"]._get_calls(self)
        for reminder in self:
            reminder.last_said = calls[reminder]["last"]

    @api.constrains("partner_id", "project_id")
    def _check_one_record(self):
        for reminder in self:
            if reminder.partner_id and reminder.project_id:
                raise ValidationError(messages.reminder_on_one_record(self.env, reminder))

    def _record(self):
        """:return: the contact or project of the reminder, or an empty recordset"""
        self.ensure_one()
        return self.project_id or self.partner_id

    @api.model
    def _record_of(self, vals):
        """:return: the contact or project that values for `create` name"""
        model = vals.get("res_model")
        if model in ("res.partner", "bizuno.project") and vals.get("res_id"):
            return self.env[model].browse(vals["res_id"])
        if vals.get("project_id"):
            return self.env["bizuno.project"].browse(vals["project_id"])
        return self.env["res.partner"].browse(vals.get("partner_id"))

    def _record_partner(self):
        """:return: whose contact log an entry about this reminder belongs to"""
        self.ensure_one()
        return self.project_id.partner_id or self.partner_id

    def _check_targets(self):
        """Nobody puts an activity on what they may not see, nor into a company of others."""
        check_readable(self.partner_id, self.project_id, self.company_id)
