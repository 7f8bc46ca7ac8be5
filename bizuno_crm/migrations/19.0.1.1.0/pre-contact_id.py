from odoo import SUPERUSER_ID, api
from odoo.addons.bizuno_crm import hooks


def migrate(cr, version):
    """Contact IDs are compared without what cannot be seen or told apart: those that are found to
    be the same become conflicts before the unique index is made anew, so that it can be."""
    cr.execute("DROP INDEX IF EXISTS res_partner_contact_id_unique")
    hooks._contact_flag_conflicts(api.Environment(cr, SUPERUSER_ID, {}))
