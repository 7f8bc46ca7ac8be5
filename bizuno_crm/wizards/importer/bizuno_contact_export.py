from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from ... import messages
from ...models.importer.contact_cells import FIELDS


class BizunoContactExport(models.TransientModel):
    """Contacts that somebody has chosen to export, in the columns and codes of Bizuno's own
    contact export."""

    _name = "bizuno.contact.export"
    _description = "Export of Contacts for Bizuno"

    partner_ids = fields.Json(
        string="Contacts", readonly=True, help="The IDs: you can select any number."
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company,
        help="The company whose terms and accounts are exported.",
    )

    def action_download(self):
        """
        :return: the action that downloads the file
        :raise AccessError: see `_check_allowed`
        :raise UserError: no contact was chosen
        """
        self.ensure_one()
        self._check_allowed()
        if not self._get_partners():
            raise UserError(messages.contact_export_empty(self.env))
        return {
            "type": "ir.actions.act_url",
            "url": f"/bizuno_crm/contacts/{self.id}.csv",
            "target": "download",
        }

    def _check_allowed(self):
        """
        :raise AccessError: the user may not export, or may not read what the file holds
        """
        if not self.env.user.has_group("base.group_allow_export"):
            raise AccessError(messages.contact_export_refused(self.env))
        partners = self.env["res.partner"]
        for name in FIELDS:
            field = partners._fields[name]
            if not partners._has_field_access(field, "read"):
                label = field._description_string(self.env)
                raise AccessError(messages.contact_export_field_refused(self.env, label))

    def _get_partners(self):
        """:return: the contacts that the user may see, in Bizuno's order"""
        ids = [id_ for id_ in self.partner_ids or () if isinstance(id_, int)]
        partners = self.env["res.partner"].with_company(self.company_id)
        partners = partners.with_context(active_test=False).search_fetch(
            [("id", "in", ids), ("parent_id", "=", False)], ["ref"]
        )
        return partners.sorted(lambda partner: ((partner.ref or "").lower(), partner.id))
