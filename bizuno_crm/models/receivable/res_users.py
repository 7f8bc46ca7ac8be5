from odoo import fields, models

from ..base.bizuno_guard import BizunoNumberMixin
from .bizuno_receivable_reader_mixin import BizunoReceivableReaderMixin


class ResUsers(models.Model):
    # The commission rate is a number.

    _name = "res.users"
    _inherit = [BizunoNumberMixin._name, BizunoReceivableReaderMixin._name, "res.users"]

    commission_rate = fields.Float(
        string="Commission (%)",
        digits=(5, 2),
        groups="sales_team.group_sale_manager,bizuno_crm.group_receivable_edit",
        help="Percentage of the untaxed amounts that this sales rep invoiced, or of the part that "
        "is paid, depending on the settings of Bizuno CRM.",
    )
