from odoo import api, fields, models
from odoo.exceptions import UserError

from ... import messages


class BizunoMarket(models.Model):
    """The industry a project is for."""

    _name = "bizuno.market"
    _inherit = ["bizuno.code.mixin"]
    _description = "Market"
    _order = "name, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)

    _code_unique = models.UniqueIndex(
        "(lower(btrim(code)))",
        "This market code already exists (perhaps archived): choose another code.",
    )

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
