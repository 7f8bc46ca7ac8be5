from odoo import fields, models

from .bizuno_reminder_mixin import READERS


class ResPartner(models.Model):
    # A contact with reminders.

    _name = "res.partner"
    _inherit = ["res.partner", "bizuno.reminder.mixin"]

    reminder_ids = fields.One2many(
        comodel_name="bizuno.reminder",
        inverse_name="partner_id",
        string="Reminders",
        groups=READERS,
    )

    def action_new_reminder(self):
        """:return: the action with a new reminder about this contact, once or recurring"""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Reminder"),
            "res_model": "bizuno.reminder",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_partner_id": self.id,
                "default_name": self.env._("Follow up: %(name)s", name=self.display_name),
            },
        }

    def action_view_reminders(self):
        """:return: the action that lists the reminders of the contact, of all its own contacts and
        of their projects, everybody's"""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("bizuno_crm.bizuno_reminder_action")
        return {
            **action,
            "domain": [
                "|",
                ("partner_id", "child_of", self.id),
                ("project_id.partner_id", "child_of", self.id),
            ],
            "context": {"default_partner_id": self.id},
        }
