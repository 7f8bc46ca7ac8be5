from odoo import fields, models

from .bizuno_reminder_mixin import READERS


class ResPartner(models.Model):
    """A contact with reminders."""

    _name = "res.partner"
    _inherit = ["res.partner", "bizuno.reminder.mixin"]

    reminder_ids = fields.One2many(
        comodel_name="bizuno.reminder",
        inverse_name="partner_id",
        string="Reminders",
        groups=READERS,
    )
