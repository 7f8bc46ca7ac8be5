from odoo import models
from odoo.exceptions import AccessError

from ... import messages
from ..base.ir_model_access import OUR_MODELS


class IrRule(models.Model):
    _inherit = "ir.rule"

    def _make_access_error(self, operation, records):
        """Where Own Contacts Only is why: say so, and what to do."""
        error = super()._make_access_error(operation, records)
        if records._name != "res.partner" and not records._name.startswith(OUR_MODELS):
            return error
        if not self.env.user.has_group("bizuno_crm.group_own_contacts_only"):
            return error
        failing = self._get_failing(records, mode=operation).sudo()
        if not any(rule._is_about_own_contacts() for rule in failing):
            return error
        kind = self.env["ir.model"]._get(records._name).name
        return AccessError(messages.own_contacts_only(self.env, kind))

    def _is_about_own_contacts(self):
        self.ensure_one()
        xmlid = self.get_external_id().get(self.id, "")
        return xmlid.startswith("bizuno_crm.") and xmlid.endswith("_own_contacts")
