from odoo import models
from odoo.exceptions import UserError

from ... import messages


class BizunoAgedCollectionMixin(models.AbstractModel):
    """What is done about receivables: with the ticked rows, or with all that the page shows."""

    _name = "bizuno.aged.collection.mixin"
    _description = "Collection of Receivables"

    def action_send_statements(self):
        """Open the statements of the customers of the ticked rows, or of all that are shown.

        :return: a window action
        """
        partners = self._get_shown_partners()
        return partners._get_statement_action(self.env[self._item_model]._get_aged_at())

    def action_plan_activity(self):
        """Plan calls or e-mails about the receivables of the customers of the ticked rows, or of
        all that are shown.

        :return: a window action
        """
        partners = self._get_shown_partners()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "bizuno_crm.bizuno_aging_activity_action"
        )
        return {**action, "context": {"default_partner_ids": partners.ids}}

    def _get_shown_partners(self):
        """:raise UserError: where no row has a customer"""
        partners = self._get_shown().partner_id
        if not partners:
            raise UserError(messages.nobody_to_ask(self.env))
        return partners
