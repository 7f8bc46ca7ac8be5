from odoo import fields, models


class ResUsers(models.Model):
    _inherit = "res.users"

    commission_rate = fields.Float(
        string="Commission (%)",
        digits=(5, 2),
        groups="sales_team.group_sale_manager,bizuno_crm.group_receivable_edit",
        help="Percentage of the untaxed amounts that this sales rep invoiced, or of what is paid of"
        " them, as the settings of Bizuno CRM choose.",
    )
