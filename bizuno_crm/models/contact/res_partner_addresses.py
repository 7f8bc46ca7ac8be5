from odoo import api, models


class ResPartner(models.Model):
    # Which of a customer's addresses it is: on an order the customer's name, which stands above,
    # would leave no room for it.

    _inherit = "res.partner"

    @api.depends("street", "city")
    @api.depends_context("show_place", "show_place_for", "formatted_display_name")
    def _compute_display_name(self):
        """With the context key `show_place` an address is named by itself, with street and city and
        its company last; without the company if that is the customer of the document, whose id
        `show_place_for` gives where the page knows it."""
        super()._compute_display_name()
        if not self.env.context.get("show_place"):
            return
        customer = self.env.context.get("show_place_for")
        account = self.browse(customer if isinstance(customer, int) else ()).sudo()
        kinds = dict(self._fields["type"]._description_selection(self.env))
        for partner in self:
            name, company = partner.display_name, ""
            if parent := partner.parent_id:
                name = partner.name or kinds.get(partner.type, "")
                own = partner.sudo().commercial_partner_id == account.commercial_partner_id
                company = "" if own else parent.name or ""
            place = ", ".join(filter(None, (partner.street, partner.city)))
            if self.env.context.get("formatted_display_name"):
                details = [f"--{text}--" for text in (company, place) if text]
                partner.display_name = " \t ".join([name, *details])
            else:
                partner.display_name = " · ".join(
                    filter(None, (", ".join(filter(None, (name, place))), company))
                )
