from odoo import models
from odoo.exceptions import AccessError

from ... import messages

OUR_MODELS = "bizuno."


class IrModelAccess(models.Model):
    _inherit = "ir.model.access"

    def _make_access_error(self, model: str, mode: str):
        """Of our models: the one right that is missing, as it stands on the user form, in place of
        all groups that would do."""
        error = super()._make_access_error(model, mode)
        if not model.startswith(OUR_MODELS):
            return error
        granting = (
            self.sudo()
            .search([("model_id.model", "=", model), (f"perm_{mode}", "=", True)])
            .group_id
        )
        # The lowest level that is enough.
        lowest = granting.filtered(
            lambda group: not (group.all_implied_ids - group) & granting
        ).sorted(lambda group: (group.privilege_id.sequence, group.sequence, group.id))
        return AccessError(messages.access_right_missing(self.env, model, mode, lowest))
