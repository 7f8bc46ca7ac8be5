from odoo import models


class IrUiMenu(models.Model):
    # A menu of receivables only where it leads to something the user may see.

    _inherit = "ir.ui.menu"

    def _load_menus_blacklist(self):
        hidden = super()._load_menus_blacklist()
        user = self.env.user
        if user._filter_with_receivables(user.sudo().company_ids):
            return hidden
        return hidden + [
            self.env.ref(f"bizuno_crm.{name}").id
            for name in (
                "menu_receivables_aged", "menu_receivables_documents", "menu_receivables_report",
            )
        ]  # fmt: skip
