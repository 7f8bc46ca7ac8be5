from odoo import api, fields, models

READERS = "bizuno_crm.group_project_read"


class ResPartner(models.Model):
    """A customer with projects."""

    _inherit = "res.partner"

    project_ids = fields.One2many(
        comodel_name="bizuno.project",
        inverse_name="partner_id",
        string="Projects",
        groups=READERS,
    )
    project_count = fields.Integer(
        string="Bizuno Projects", compute="_compute_project_count", groups=READERS
    )

    @api.depends_context("allowed_company_ids", "uid")
    def _compute_project_count(self):
        """Of a contact and all its own contacts, as the list behind the figure shows them."""
        counts = self.env["bizuno.project"]._read_group(
            [("partner_id", "child_of", self.ids)], ["partner_id"], ["__count"]
        )
        self.project_count = 0
        wanted = set(self._ids)
        for partner, count in counts:
            while partner:
                if partner.id in wanted:
                    partner.project_count += count
                partner = partner.parent_id

    @api.model
    def _get_contact_use_models(self):
        uses = ("bizuno.project", ["partner_id", "oem_id"])
        return [*super()._get_contact_use_models(), uses]

    def action_view_projects(self):
        """:return: the action that lists the contact's projects, its own contacts' included"""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("bizuno_crm.bizuno_project_action")
        return {
            **action,
            "domain": [("partner_id", "child_of", self.id)],
            "context": {"default_partner_id": self.id},
        }
