from odoo import api, models

# What the company has decided about the account is not the customer's to read.
INTERNAL = frozenset({"account_status", "account_restriction"})


class ResPartner(models.Model):
    # What customers with a login see of their account, and what they do not.

    _inherit = "res.partner"

    @api.model
    def _has_field_access(self, field, operation):
        """Here and not as groups of the fields: lists and forms that everybody opens use them."""
        if field.name in INTERNAL and not self.env.su and not self.env.user._is_internal():
            return False
        return super()._has_field_access(field, operation)
