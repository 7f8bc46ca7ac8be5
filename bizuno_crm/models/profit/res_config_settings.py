from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    group_project_profit_reps = fields.Boolean(
        string="Reps See the Profit of Their Projects",
        implied_group="bizuno_crm.group_project_profit",
        group="sales_team.group_sale_salesman",
    )
