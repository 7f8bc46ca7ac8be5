from odoo import SUPERUSER_ID, api
from odoo.addons.bizuno_crm import hooks


def migrate(cr, version):
    """Companies whose default limit is Bizuno's number in another currency than dollars say so."""
    hooks._flag_undecided_limits(api.Environment(cr, SUPERUSER_ID, {}))
