from odoo import api, models


class ResPartner(models.Model):
    """Which of a customer's addresses it is: on an order the customer's name, which stands above,
    would leave no room for it."""

    _inherit = "res.partner"

    @api.depends("street", "city")
    @api.depends_context("show_place_for", "formatted_display_name")
    def _compute_display_name(self):
        """With the context key `show_place_for` (id of the customer of the document) an address of
        that customer is named by itself, with street and city."""
        super()._compute_display_name()
        customer = self.env.context.get("show_place_for")
        if not isinstance(customer, int) or not customer:
            return
        account = self.browse(customer).sudo().commercial_partner_id
        kinds = dict(self._fields["type"]._description_selection(self.env))
        for partner in self:
            place = ", ".join(filter(None, (partner.street, partner.city)))
            name = partner.display_name
            if partner.parent_id and partner.sudo().commercial_partner_id == account:
                name = partner.name or kinds.get(partner.type, "")
            if not place:
                partner.display_name = name
            elif self.env.context.get("formatted_display_name"):
                partner.display_name = f"{name} \t --{place}--"
            else:
                partner.display_name = f"{name}, {place}"
