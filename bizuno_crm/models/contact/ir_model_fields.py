from odoo import api, models


class IrModelFields(models.Model):
    _inherit = "ir.model.fields"

    @api.model
    def get_field_string(self, model_name):
        """Bizuno's words for Odoo's own fields of contacts, wherever a label is read. One that
        stands in the field itself would be written down, and stay when the addon goes."""
        labels = super().get_field_string(model_name)
        if model_name == "res.partner":
            labels |= {
                "ref": self.env._("Contact ID"),
                "role_employee": self.env._("Employee"),
                "employee": self.env._("Is an Employee"),  # Odoo's flag, which the role is
                "property_product_pricelist": self.env._("Price Sheet"),
                "specific_property_product_pricelist": self.env._("Assigned Price Sheet"),
            }
        return labels
