from odoo import api, fields, models

from ... import messages


class BaseModuleUninstall(models.TransientModel):
    # Odoo's dialog counts the records of whole models. What else goes with the addon stands in
    # fields of contacts and in rules, and no backup of one list brings it back.

    _inherit = "base.module.uninstall"

    bizuno_losses = fields.Text(string="Lost With Bizuno CRM", compute="_compute_bizuno_losses")

    @api.depends("module_ids")
    def _compute_bizuno_losses(self):
        for wizard in self:
            is_ours = "bizuno_crm" in wizard._get_modules().mapped("name")
            wizard.bizuno_losses = is_ours and messages.lost_with_addon(self.env)
