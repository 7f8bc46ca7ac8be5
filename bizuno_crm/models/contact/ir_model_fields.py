from odoo import api, models, tools


class IrModelFields(models.Model):
    _inherit = "ir.model.fields"

    @api.model
    @tools.ormcache("model_name", "self.env.lang", cache="stable")
    def _get_fields_cached(self, model_name):
        """Bizuno's words for Odoo's own fields of contacts, wherever a label is read. One that
        stands in the field itself would be written down, and stay when the addon goes."""
        described = super()._get_fields_cached(model_name)
        if model_name != "res.partner":
            return described
        labels = {
            "ref": self.env._("Contact ID"),
            "role_employee": self.env._("Employee"),
            "employee": self.env._("Is an Employee"),  # Odoo's flag, which the role is
            "property_product_pricelist": self.env._("Price Sheet"),
            "specific_property_product_pricelist": self.env._("Assigned Price Sheet"),
        }
        named = {
            name: {**described[name], "field_description": label}
            for name, label in labels.items()
            if name in described
        }
        return tools.frozendict({**described, **named})
