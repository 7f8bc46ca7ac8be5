from odoo import api, models
from odoo.exceptions import UserError

from ... import messages

# What a company with branches decides once.
_SHARED = ("credit_policy", "credit_scope", "hold_policy")


class ResCompany(models.Model):
    """Branches lend by the rules of their root company: policy and scope are the root's, and so are
    the limits (see res.partner).

    Odoo's own way of sharing a field refuses to write two such fields at once, hence this one.
    """

    _inherit = "res.company"

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        companies._share_credit_policy()
        return companies

    def write(self, vals):
        shared = {name: vals[name] for name in _SHARED if name in vals}
        if not shared:
            return super().write(vals)
        for company in self:
            root = company._get_credit_root()
            if root not in self and any(root[name] != value for name, value in shared.items()):
                raise UserError(messages.credit_policy_of_branch(self.env, company, root))
        result = super().write(vals)
        branches = (
            self.sudo().with_context(active_test=False).search([("id", "child_of", self.ids)])
        )
        if branches := branches - self.sudo():
            super(ResCompany, branches).write(shared)
        return result

    def _get_credit_root(self):
        """
        :return: the company whose limits, policy and scope are those of this one, as the system:
            it need not be one of the user's
        """
        self.ensure_one()
        return self.sudo().root_id

    def _share_credit_policy(self):
        """Bring branches in line: new ones, and those that are older than this rule."""
        # Past the refusal of our own `write`.
        # pylint: disable=super-method-mismatch,missing-return
        for company in self.filtered("parent_id"):
            root = company._get_credit_root()
            if different := {n: root[n] for n in _SHARED if company[n] != root[n]}:
                super(ResCompany, company).write(different)
