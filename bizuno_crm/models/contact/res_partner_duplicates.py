from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import email_normalize

from ...logic.phone import digits_of


class ResPartner(models.Model):
    # A contact that is typed in a second time is shown while its e-mail or telephone is typed.

    _inherit = "res.partner"

    duplicate_id = fields.Many2one(
        comodel_name="res.partner",
        string="Contact with the Same E-mail or Phone",
        compute="_compute_duplicate_id",
        # only contacts that the user may see
        compute_sudo=False,
    )

    @api.depends("email", "phone", "parent_id")
    def _compute_duplicate_id(self):
        # Only in a form where one of the two was changed: opening a contact costs nothing.
        for partner in self:
            partner.duplicate_id = not partner.id and partner._find_typed_duplicate()

    def _find_typed_duplicate(self):
        """:return: another contact with the e-mail or telephone that was just typed"""
        known, domains = self._origin, []
        email = email_normalize(self.email)
        if email and email != known.email_normalized:
            domains.append(Domain("email_normalized", "=", email))
        digits = digits_of(self.phone)
        if digits and digits != digits_of(known.phone):
            domains.append(Domain("phone", "=like", f"%{'%'.join(digits)}%"))
        if not domains:
            return self.browse()
        found = self.with_context(active_test=False).search(
            Domain.OR(domains) & Domain("id", "not in", known.ids), limit=20
        )
        # The pattern finds the digits in their order, whatever stands between them.
        found = found.filtered(
            lambda one: (
                (email and one.email_normalized == email)
                or (digits and digits_of(one.phone) == digits)
            )
        )
        family = (known | self.parent_id._origin).commercial_partner_id
        return found.filtered(lambda one: one.commercial_partner_id not in family)[:1]
