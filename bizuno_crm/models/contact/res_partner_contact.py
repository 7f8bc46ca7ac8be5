from odoo import api, fields, models
from odoo.exceptions import RedirectWarning

from ... import messages


class ResPartner(models.Model):
    # The contact page: what leads on from it, and what keeps it from being deleted.

    _inherit = "res.partner"

    property_payment_term_id = fields.Many2one(tracking=True)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_contact_in_use(self):
        """Bizuno's rule: a contact with any transaction is not deleted but made inactive.

        :raise RedirectWarning: it says how many of what, and offers to archive instead
        """
        counts = self._get_contact_use_counts()
        for partner in self:
            if uses := counts.get(partner.id):
                raise RedirectWarning(
                    messages.contact_in_use(self.env, partner, uses),
                    self.env.ref("bizuno_crm.res_partner_action_archive").id,
                    self.env._("Archive instead"),
                    {"active_model": "res.partner", "active_ids": partner.ids},
                )

    @api.model
    def _get_contact_use_models(self):
        """What counts as the history of a contact.

        :return: [(model, fields that point to the contact)]
        """
        return [
            ("account.move", ["partner_id", "commercial_partner_id", "partner_shipping_id"]),
            ("account.payment", ["partner_id"]),
            ("sale.order", ["partner_id", "partner_invoice_id", "partner_shipping_id"]),
        ]

    def _get_contact_use_counts(self):
        """:return: {contact id: [(number, what), …]} of the contacts that have a history; one
        query per kind of document, whoever may see the documents"""
        counts = {}
        for model_name, names in self._get_contact_use_models():
            model = self.env[model_name].sudo().with_context(active_test=False)
            found = {}
            for name in names:
                for partner, documents in model._read_group(
                    [(name, "in", self.ids)], [name], ["id:array_agg"]
                ):
                    found.setdefault(partner.id, set()).update(documents)
            what = self.env["ir.model"]._get(model_name).name
            for partner_id, documents in found.items():
                counts.setdefault(partner_id, []).append((len(documents), what))
        return counts

    def action_new_quotation(self):
        """Open a new quotation for the contact."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Quotation"),
            "res_model": "sale.order",
            "view_mode": "form",
            "context": {"default_partner_id": self.id},
        }
