from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    reminder_fallback_user_id = fields.Many2one(
        comodel_name="res.users",
        string="Reminders Fall Back To",
        domain=[("share", "=", False)],
        help="Gets the reminders of archived reps whose sales team has no leader.",
    )
