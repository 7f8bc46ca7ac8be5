from odoo import api, fields, models
from odoo.exceptions import UserError

from .. import messages


class BizunoActionCode(models.Model):
    """What a rep did for a contact: the vocabulary of the contact log."""

    _name = "bizuno.action.code"
    _description = "Action Code"
    _order = "sequence, id"
    _rec_names_search = ["code", "name"]

    code = fields.Char(required=True, copy=False, help="A short unique code, for example ret.")
    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=100)
    active = fields.Boolean(default=True)
    follow_up_days = fields.Integer(
        string="Follow Up After (Days)",
        help="Logging this action proposes a reminder after so many days; 0 proposes none.",
    )

    _code_unique = models.UniqueIndex(
        "(lower(code))", "This action code exists already (perhaps archived): choose another code."
    )
    _follow_up_days_positive = models.Constraint(
        "CHECK (follow_up_days >= 0)", "The days until the follow-up cannot be negative."
    )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            _strip_code(vals)
        return super().create(vals_list)

    def write(self, vals):
        _strip_code(vals)
        return super().write(vals)

    def copy_data(self, default=None):
        default = dict(default or {})
        return [
            {"code": self.env._("%(code)s (copy)", code=code.code), **vals}
            for code, vals in zip(self, super().copy_data(default), strict=True)
        ]

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


def _strip_code(vals):
    """Blanks around a code would make a second, equal-looking one."""
    if vals.get("code"):
        vals["code"] = str(vals["code"]).strip()
