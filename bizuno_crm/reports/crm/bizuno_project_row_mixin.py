from odoo import fields, models


class BizunoProjectRowMixin(models.AbstractModel):
    """A row of a report about projects: what it has of its project, under the same names."""

    _name = "bizuno.project.row.mixin"
    _inherit = ["bizuno.document.row.mixin"]
    _description = "Row about a Project"

    project_id = fields.Many2one(comodel_name="bizuno.project", readonly=True)
    partner_id = fields.Many2one(comodel_name="res.partner", string="Customer", readonly=True)
    user_id = fields.Many2one(comodel_name="res.users", string="Assigned To", readonly=True)
    working_user_id = fields.Many2one(comodel_name="res.users", string="Working By", readonly=True)
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)
