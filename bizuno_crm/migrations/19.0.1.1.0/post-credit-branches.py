from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Branches lend by the rules of their root company."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    env["res.company"].with_context(active_test=False).search([])._share_credit_policy()
