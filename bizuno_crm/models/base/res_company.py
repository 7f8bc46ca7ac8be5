from odoo import api, models

from .given import with_given_defaults


class ResCompany(models.Model):
    # Whom an area turns to in a company, and what a branch starts with.

    _inherit = "res.company"

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = with_given_defaults(self, vals_list, "parent_id")
        return super().create([{**self._get_decided_by_parent(vals), **vals} for vals in vals_list])

    @api.model
    def _get_decided_by_parent(self, vals):
        """A new branch starts with what its company has decided, and may decide otherwise."""
        if not vals.get("parent_id"):
            return {}
        # As the system: who creates a branch need not see what was set in its company.
        parent = self.sudo().browse(vals["parent_id"])
        return parent._convert_to_write(
            {name: parent[name] for name in self._get_branch_settings()}
        )

    @api.model
    def _get_branch_settings(self):
        """:return: names of fields that a new branch takes from its company; each area adds its
        own, without persons, who need not work in the branch"""
        return ()

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
