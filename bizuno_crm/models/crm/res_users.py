from odoo import models


class ResUsers(models.Model):
    # A rep who leaves hands over the reminders.

    _inherit = "res.users"

    def action_archive(self):
        # before super: Odoo deletes the activities of archived users
        self.env["bizuno.reminder"]._hand_over(self)
        return super().action_archive()

    def write(self, vals):
        # an archiving that does not pass by action_archive
        if vals.get("active") is False:
            self.env["bizuno.reminder"]._hand_over(self.filtered("active"))
        return super().write(vals)

    def unlink(self):
        # before super: the activities go with the user
        self.env["bizuno.reminder"]._hand_over(self)
        return super().unlink()

    def _get_sales_team_leader(self):
        """:return: the leader of the user's (latest) sales team, who may be empty"""
        memberships = (
            self.env["crm.team.member"]
            .sudo()
            .with_context(active_test=False)
            .search([("user_id", "in", self.ids)], order="active desc, id desc", limit=1)
        )
        return memberships.crm_team_id.user_id
