from odoo import fields, models


class BizunoImportUser(models.TransientModel):
    """Who a user of Bizuno is in Odoo."""

    _name = "bizuno.import.user"
    _description = "User of Bizuno"

    wizard_id = fields.Many2one(comodel_name="bizuno.import", required=True, ondelete="cascade")
    code = fields.Char(required=True, readonly=True)
    name = fields.Char(string="In Bizuno", readonly=True)
    email = fields.Char(readonly=True)
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="In Odoo",
        domain=[("share", "=", False)],
        help="Whose contacts, calls, projects and reminders they become. Without one the "
        "contacts have no sales rep, the calls are yours, with the name in their notes, and the "
        "reminders do not come.",
    )
