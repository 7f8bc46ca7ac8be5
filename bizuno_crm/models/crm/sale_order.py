from odoo import fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    bizuno_project_id = fields.Many2one(
        comodel_name="bizuno.project",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        tracking=True,
    )
