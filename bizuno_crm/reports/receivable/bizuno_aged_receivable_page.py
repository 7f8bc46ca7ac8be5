from odoo import api, models
from odoo.exceptions import AccessError

from ... import messages
from ...logic import aging


class BizunoAgedReceivable(models.Model):
    # Who may see receivables at all, in words where not.

    _name = "bizuno.aged.receivable"
    _inherit = ["bizuno.aged.receivable", "bizuno.aged.page.mixin"]

    @api.model
    def _get_basis(self):
        basis = self.env.context.get("aging_basis")
        return basis if basis in aging.BASES else self.env.company.aging_basis

    @api.model
    def _sees_all(self):
        user = self.env.user
        return self.env.su or (
            user.has_group("bizuno_crm.group_receivable_read")
            and not user.has_group("bizuno_crm.group_own_contacts_only")
        )

    @api.model
    def _get_visible_companies(self):
        """Of the companies that are switched on, those whose receivables the user may see: all, or
        those that let sales reps see their own customers'."""
        if not self.has_access("read"):
            return self.env["res.company"]
        companies = self.env.companies
        if self.env.su or self.env.user.has_group("bizuno_crm.group_receivable_read"):
            return companies
        return companies.filtered(lambda company: company.sudo().aging_reps_see_own)

    @api.model
    def _get_refusal(self):
        """:return: why the user sees nothing here, in a sentence, or False"""
        if self._get_visible_companies():
            return False
        return messages.receivables_not_allowed(self.env, self.env.companies)

    @api.model
    def _check_sight(self):
        """:raises AccessError: for who would be shown nothing for want of a right"""
        if refusal := self._get_refusal():
            raise AccessError(refusal)

    @api.model
    def _get_hint(self):
        """:return: what of the receivables the user is not shown, in a sentence, or False"""
        if self._sees_all():
            return False
        hidden = self.env.companies - self._get_visible_companies()
        if hidden:
            return messages.receivables_of_own_customers_but(self.env, hidden)
        return messages.receivables_of_own_customers(self.env)
