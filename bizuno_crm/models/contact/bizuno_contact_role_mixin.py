from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ... import messages

# Bizuno's ctype_* flags (c, v, i, b, e, j, u), in the order in which people meet them.
ROLES = ("customer", "vendor", "lead", "branch", "employee", "project", "user")
ROLE_FIELDS = tuple(f"role_{role}" for role in ROLES)

# Odoo's own fields *are* these roles: there is no second copy that could get out of step, not even
# when other code raises a rank by SQL.
RANK_OF_ROLE = {"role_customer": "customer_rank", "role_vendor": "supplier_rank"}
NATIVE_FIELDS = (*RANK_OF_ROLE.values(), "employee")

# What an action or a field proposes for the account that is made in it, and not for the addresses
# and people of that account.
_ACCOUNT_DEFAULTS = (*ROLE_FIELDS, *NATIVE_FIELDS, "is_company")

# Who may give or take a role: {field: (group to create with it, group to change it)}.
GROUPS_OF_ROLE = {
    "role_employee": ("base.group_erp_manager", "base.group_erp_manager"),
    "employee": ("base.group_erp_manager", "base.group_erp_manager"),
    "role_lead": ("bizuno_crm.group_lead_add", "bizuno_crm.group_lead_edit"),
}


class BizunoContactRoleMixin(models.AbstractModel):
    """The roles of a contact: what each of them follows from, and who may give or take it."""

    _name = "bizuno.contact.role.mixin"
    _description = "Contact with Roles"

    @api.depends("customer_rank", "supplier_rank")
    def _compute_role_from_rank(self):
        for partner in self:
            for role, rank in RANK_OF_ROLE.items():
                partner[role] = partner[rank] > 0

    @api.depends("user_ids.active", "user_ids.share", "project_ids")
    def _compute_role_from_others(self):
        """From logins and projects, in one query for both: everybody may know that there are some,
        not which."""
        if not self.ids:
            # Somebody who is being entered has none.
            self.role_user = self.role_project = False
            return
        query = self.with_context(active_test=False)._search(
            [("id", "in", self.ids)], bypass_access=True
        )
        columns = [
            self._field_to_sql(query.table, name, query)
            for name in ("id", "role_user", "role_project")
        ]
        roles_by_id = {
            id_: roles for id_, *roles in self.env.execute_query(query.select(*columns))
        }  # fmt: skip
        for partner in self:
            partner.role_user, partner.role_project = roles_by_id.get(
                partner._origin.id, (False, False)
            )

    @api.depends(*ROLE_FIELDS)
    @api.depends_context("lang")
    def _compute_role_names(self):
        labels = self.env["ir.model.fields"].get_field_string("res.partner")
        for partner in self:
            partner.role_names = ", ".join(labels[name] for name in ROLE_FIELDS if partner[name])

    def _inverse_role_customer(self):
        self._set_rank_from_role("role_customer")

    def _inverse_role_vendor(self):
        self._set_rank_from_role("role_vendor")

    def _set_rank_from_role(self, role):
        rank = RANK_OF_ROLE[role]
        self.filtered(lambda partner: partner[role] and not partner[rank])[rank] = 1
        self.filtered(lambda partner: not partner[role] and partner[rank])[rank] = 0

    def _search_role_customer(self, operator, value):
        return self._search_role("role_customer", operator)

    def _search_role_vendor(self, operator, value):
        return self._search_role("role_vendor", operator)

    def _search_role_user(self, operator, value):
        return self._search_role("role_user", operator)

    def _search_role_project(self, operator, value):
        return self._search_role("role_project", operator)

    @api.model
    def _search_role(self, role, operator):
        # A boolean arrives as `in {True}` or `not in {True}`; the framework negates the latter.
        if operator != "in":
            return NotImplemented
        return fields.Domain.custom(
            to_sql=lambda model, alias, query: model._field_to_sql(alias, role, query)
        )

    def _field_to_sql(self, alias, field_expr, query=None):
        """The roles that are not stored are grouped and ordered by as if they were."""
        if field_expr in RANK_OF_ROLE:
            rank = super()._field_to_sql(alias, RANK_OF_ROLE[field_expr], query)
            return SQL("(COALESCE(%s, 0) > 0)", rank)
        if field_expr == "role_employee":
            return SQL("COALESCE(%s, FALSE)", super()._field_to_sql(alias, "employee", query))
        if field_expr == "role_user":
            users = self.env["res.users"]
            return SQL(
                "EXISTS (SELECT 1 FROM res_users WHERE partner_id = %s AND %s AND %s IS NOT TRUE)",
                SQL.identifier(alias, "id", to_flush=users._fields["partner_id"]),
                SQL.identifier("res_users", "active", to_flush=users._fields["active"]),
                SQL.identifier("res_users", "share", to_flush=users._fields["share"]),
            )
        if field_expr == "role_project":
            projects = self.env["bizuno.project"]
            return SQL(
                "EXISTS (SELECT 1 FROM bizuno_project WHERE partner_id = %s)",
                SQL.identifier(alias, "id", to_flush=projects._fields["partner_id"]),
            )
        return super()._field_to_sql(alias, field_expr, query)

    @api.model
    def _group_by_proposed_roles(self, vals_list):
        """What is proposed for the account that is made in an action or a field is not proposed for
        its addresses and people, which are made in the same form or field.

        :return: [(these contacts in the context in which some are created, their places in the
            list, their values with the ranks that their roles are)]
        :raise AccessError: for a role that the user may not give
        """
        children = [
            bool(vals.get("parent_id", self.env.context.get("default_parent_id")))
            and not vals.get("is_company")
            for vals in vals_list
        ]
        proposed = self._get_proposed_account_values()
        if not proposed or not any(children):
            return [(self, [*range(len(vals_list))], self._with_ranks(vals_list))]
        context = {
            key: value
            for key, value in self.env.context.items()
            if key.removeprefix("default_") not in proposed and key != "res_partner_search_mode"
        }
        groups = []
        for is_child in (False, True):
            places = [place for place, child in enumerate(children) if child == is_child]
            some = self.with_context(context) if is_child else self  # pylint: disable=context-overridden
            group = [
                _without_proposed(vals_list[place], proposed) if is_child else vals_list[place]
                for place in places
            ]
            groups.append((some, places, some._with_ranks(group)))
        return groups

    @api.model
    def _get_own_account_domain(self):
        """Contacts that have an account of their own: not the people and addresses of a company,
        which Odoo ranks as customers once an invoice names them."""
        return fields.Domain("parent_id", "=", False) | fields.Domain("is_company", "=", True)

    @api.model
    def _get_proposed_account_values(self):
        """:return: {field: value} of what an action or a field proposes for new accounts"""
        context = self.env.context
        proposed = {
            name: context[f"default_{name}"]
            for name in _ACCOUNT_DEFAULTS
            if context.get(f"default_{name}")
        }
        # Odoo's own way to say it.
        mode = context.get("res_partner_search_mode")
        roles = {"customer": "role_customer", "supplier": "role_vendor"}
        role = roles.get(mode) if isinstance(mode, str) else None
        return {**proposed, role: True, RANK_OF_ROLE[role]: 1} if role else proposed

    @api.model
    def default_get(self, fields):  # pylint: disable=redefined-outer-name
        """A form that is opened where a customer is looked for shows the role that saving it gives;
        one that says nothing would send "no customer"."""
        values = super().default_get(fields)
        wanted = {*RANK_OF_ROLE} & {*fields} - values.keys()
        if wanted and not self.env.context.get("default_parent_id"):
            proposed = self._get_proposed_account_values()
            values.update({role: True for role in wanted if proposed.get(RANK_OF_ROLE[role])})
        return values

    def _with_ranks(self, vals_list):
        """The values of new contacts with the ranks that their roles are.

        :raise AccessError: for a role that the user may not give
        """
        # A role that comes from the context or from a saved default is given all the same.
        defaults = self.default_get([*GROUPS_OF_ROLE])
        for vals in vals_list:
            self._check_role_rights({**defaults, **vals}, creating=True)
            for role, rank in RANK_OF_ROLE.items():
                # Written with the record at once, where the inverse would need a second UPDATE.
                if vals.get(role):
                    vals[rank] = max(vals.get(rank) or 0, 1)
        return vals_list

    def _check_role_rights(self, vals, creating=False):
        """Refuse what the user may not give or take: see GROUPS_OF_ROLE.

        :raise AccessError: naming the role and the missing right
        :raise UserError: for the role User, which follows the logins
        """
        if "role_user" in vals and any(
            bool(vals["role_user"]) != partner.role_user for partner in self or [self]
        ):
            raise UserError(messages.role_user_follows_logins(self.env))
        if self.env.su:
            return
        for role, (group_to_create, group_to_change) in GROUPS_OF_ROLE.items():
            if role not in vals:
                continue
            group = group_to_create if creating else group_to_change
            changed = bool(vals[role]) if creating else (
                self.filtered(lambda p, role=role: p[role] != bool(vals[role]))
            )  # fmt: skip
            if changed and not self.env.user.has_group(group):
                raise AccessError(messages.role_right_missing(self.env, self, role, group))


def _without_proposed(vals, proposed):
    """The values of a child contact without the roles that were proposed for its account."""
    vals = {
        name: value for name, value in vals.items() if name not in proposed or name in NATIVE_FIELDS
    }
    for rank in RANK_OF_ROLE.values():
        if rank in proposed:
            vals.setdefault(rank, 0)
    return vals
