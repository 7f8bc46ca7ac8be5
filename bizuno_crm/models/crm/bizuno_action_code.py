from odoo import api, fields, models
from odoo.exceptions import UserError

from ... import messages


class BizunoActionCode(models.Model):
    """What a rep did for a contact: the vocabulary of the contact log."""

    _name = "bizuno.action.code"
    _inherit = ["bizuno.code.mixin"]
    _description = "Action Code"
    _order = "sequence, id"
    _rec_names_search = ["code", "name"]

    code = fields.Char(help="A short unique code, for example ret.")
    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=100)
    active = fields.Boolean(default=True)
    follow_up_days = fields.Integer(
        string="Follow Up After (Days)",
        help="Logging this action proposes a reminder this many days later; 0 proposes none.",
    )

    _code_unique = models.UniqueIndex(
        "(lower(btrim(code)))",
        "This action code already exists (perhaps archived): choose another code.",
    )
    _follow_up_days_positive = models.Constraint(
        "CHECK (follow_up_days >= 0)", "The days until the follow-up cannot be negative."
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # All entries count, also those that the user may not see.
        used = (
            self.env["bizuno.contact.log"]
            .sudo()
            ._read_group([("action_id", "in", self.ids)], ["action_id"], ["__count"])
        )
        for action, count in used:
            raise UserError(messages.action_code_in_use(self.env, action, count))
