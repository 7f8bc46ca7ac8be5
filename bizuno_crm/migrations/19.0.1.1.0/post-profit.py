from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """The plan of the accounts of projects, as a new installation has it."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    env["account.analytic.plan"]._get_bizuno_plan()
