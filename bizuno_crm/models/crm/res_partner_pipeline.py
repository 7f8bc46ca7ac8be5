from odoo import api, fields, models
from odoo.tools import SQL

READERS = "bizuno_crm.group_project_read"


class ResPartner(models.Model):
    # A customer with projects.

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
        # `child_of` would ask for the contacts level by level first.
        self.flush_model(["parent_id"])
        family = SQL(
            """(
                WITH RECURSIVE family AS (
                    SELECT unnest(%s::integer[]) AS id
                     UNION
                    SELECT child.id
                      FROM res_partner child JOIN family ON family.id = child.parent_id
                )
                SELECT id FROM family
            )""",
            self.ids,
        )
        counts = self.env["bizuno.project"]._read_group(
            [("partner_id", "in", family)], ["partner_id"], ["__count"]
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
