from odoo import fields, models
from odoo.tools import sql

from ... import messages


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    contact_id_enforced = fields.Boolean(
        string="Enforced by the database",
        compute="_compute_contact_id_enforced",
        help="Whether the unique index that refuses duplicate Contact IDs is in place.",
    )
    contact_id_conflict_count = fields.Integer(
        string="Contact ID Conflicts", compute="_compute_contact_id_enforced"
    )
    contact_id_conflict_summary = fields.Char(compute="_compute_contact_id_enforced")

    def _compute_contact_id_enforced(self):
        enforced = bool(sql.index_exists(self.env.cr, "res_partner_contact_id_unique"))
        holders = (
            self.env["res.partner"]
            .with_context(active_test=False)
            ._read_group([("contact_id_shared", "=", True)], ["contact_id_holder"], ["__count"])
        )
        summary = messages.contact_id_conflicts(
            self.env, len(holders), sum(count for _holder, count in holders)
        )
        for settings in self:
            settings.contact_id_enforced = enforced
            settings.contact_id_conflict_count = len(holders)
            settings.contact_id_conflict_summary = summary

    def action_open_bizuno_users(self):
        """Open the users, whose rights stand on their forms under Bizuno CRM."""
        return self.env["ir.actions.act_window"]._for_xml_id("base.action_res_users")

    def action_show_setup_steps(self):
        """Ask about the first steps of this company again, on the dashboard.

        :return: the action of the dashboard
        :raise AccessError: for who may not change settings
        """
        self.check_access("write")
        steps = self.env["bizuno.setup.step"].sudo()
        steps.search([("company_id", "in", (False, self.env.company.id))]).unlink()
        return self.env["ir.actions.client"]._for_xml_id("bizuno_crm.bizuno_dashboard_action")

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
