from odoo import models


class ResCompany(models.Model):
    # Whom an area turns to in a company.

    _inherit = "res.company"

    def _get_companies_of_contacts(self):
        """:return: whose contacts this company may use, besides those of nobody: its own, and as
        Odoo has it those of the companies that it is a branch of"""
        self.ensure_one()
        return self.sudo().parent_ids

    def _get_users_in_group(self, group, administrators=True):
        """Who has a right in this company, as the system.

        :param str group: external id of the right
        :param bool administrators: whether they are named where nobody else has it: they have
            every right, and seldom mean to use it
        :return: `res.users`, those without a login from outside, in the order of their ids
        """
        self.ensure_one()
        users = (
            self.env["res.users"]
            .sudo()
            .search(
                [
                    ("all_group_ids", "in", self.env.ref(group).ids),
                    ("company_ids", "in", self.ids),
                    ("share", "=", False),
                ],
                order="id",
            )
        )
        others = users - self.env.ref("base.group_system").sudo().all_user_ids
        return others or (users if administrators else users.browse())
