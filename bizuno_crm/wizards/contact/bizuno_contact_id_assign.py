from odoo import api, fields, models

from ... import messages


class BizunoContactIdAssign(models.TransientModel):
    """Asks before many contacts get another Contact ID."""

    _name = "bizuno.contact.id.assign"
    _description = "Assign Contact IDs"

    partner_ids = fields.Many2many(
        comodel_name="res.partner", string="Contacts", context={"active_test": False}
    )
    count = fields.Integer(compute="_compute_count", help="How many contacts get a new Contact ID.")
    summary = fields.Text(compute="_compute_count")

    @api.depends("partner_ids")
    def _compute_count(self):
        for wizard in self:
            partners = wizard.partner_ids._origin.with_context(active_test=False)
            wanting = partners._filtered_without_contact_id()
            kept = (partners - wanting).filtered("contact_id_shared")
            wizard.count = len(wanting)
            wizard.summary = messages.contact_ids_to_assign(
                self.env, len(wanting), len(kept), len(partners - wanting - kept)
            )

    def action_confirm(self):
        """Give the contacts their Contact IDs.

        :return: an action that tells how many got one
        """
        self.ensure_one()
        return self.partner_ids.with_context(active_test=False).action_assign_contact_id()
