from odoo import api, fields, models
from odoo.fields import Domain

from ..base.withhold import withhold


class BizunoAccountSearchMixin(models.AbstractModel):
    """Rows about accounts, found by anybody who belongs to one: who telephones is a person, the
    rows name the company. The account of somebody who is not active any more is found as well, and
    what is typed may be a telephone number or the number of a document."""

    _name = "bizuno.account.search.mixin"
    _description = "Found by the Contacts of an Account"

    searched_partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer or Contact",
        compute="_compute_searched_partner_id",
        search="_search_searched_partner_id",
    )

    @api.depends("partner_id")
    def _compute_searched_partner_id(self):
        for row in self:
            row.searched_partner_id = row.partner_id

    @api.model
    def _search_searched_partner_id(self, operator, value):
        contacts = self.env["res.partner"].with_context(active_test=False)
        if operator == "in":
            domain = Domain("id", "in", list(value))
        elif operator == "any":
            domain = Domain(value)
        else:
            return NotImplemented
        # those below a company may be accounts of their own
        below = contacts.search(domain).ids
        accounts = contacts.search([("id", "child_of", below)]).commercial_partner_id
        match list(domain):
            case [("display_name", "ilike", str(text))]:
                # whose number that is, and no other company below his
                accounts |= contacts.search(contacts._get_lookup_domain(text.strip()))
        return Domain("partner_id", "in", accounts.ids)

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        return withhold(super().fields_get(allfields, attributes), ("searched_partner_id",))
