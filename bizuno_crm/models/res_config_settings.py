from odoo import fields, models
from odoo.tools import sql


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    contact_id_enforced = fields.Boolean(
        string="Enforced by the database",
        compute="_compute_contact_id_enforced",
        help="Whether the unique index that refuses duplicate Contact IDs is in place.",
    )
    contact_id_conflict_count = fields.Integer(
        string="Contact ID conflicts", compute="_compute_contact_id_enforced"
    )

    def _compute_contact_id_enforced(self):
        enforced = bool(sql.index_exists(self.env.cr, "res_partner_contact_id_unique"))
        count = (
            self.env["res.partner"]
            .with_context(active_test=False)
            .search_count([("contact_id_conflict", "=", True)])
        )
        for settings in self:
            settings.contact_id_enforced = enforced
            settings.contact_id_conflict_count = count

    def action_open_contact_sequences(self):
        """Open the sequences that Contact IDs come from."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Contact ID Sequences"),
            "res_model": "ir.sequence",
            "view_mode": "list,form",
            "domain": [("code", "=like", "bizuno_crm.contact.%")],
            "context": {"default_code": "bizuno_crm.contact.customer", "active_test": False},
        }
