from odoo import SUPERUSER_ID, api
from odoo.addons.bizuno_crm import hooks


def migrate(cr, version):
    """The index of open items holds the invoice date, for companies that age by it."""
    hooks._aging_post_init(api.Environment(cr, SUPERUSER_ID, {}))
