from odoo import api, fields, models
from odoo.exceptions import UserError

from .. import messages


class BizunoMarket(models.Model):
    """The industry a project is for."""

    _name = "bizuno.market"
    _description = "Market"
    _order = "name, id"
    _rec_names_search = ["name", "code"]

    code = fields.Char(required=True, copy=False)
    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)

    _code_unique = models.UniqueIndex(
        "(lower(code))", "This market code exists already (perhaps archived): choose another code."
    )

    def copy_data(self, default=None):
        default = dict(default or {})
        return [
            {"code": self.env._("%(code)s (copy)", code=market.code), **vals}
            for market, vals in zip(self, super().copy_data(default), strict=True)
        ]

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # All projects count, also archived ones and those that the user may not see.
        used = (
            self.env["bizuno.project"]
            .sudo()
            .with_context(active_test=False)
            ._read_group([("market_id", "in", self.ids)], ["market_id"], ["__count"])
        )
        for market, count in used:
            raise UserError(messages.market_in_use(self.env, market, count))
