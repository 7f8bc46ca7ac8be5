from odoo import fields, models

ROLES = ("customer", "vendor", "employee", "branch", "lead", "project", "user")


class ResPartner(models.Model):
    """A contact with Bizuno's roles, Contact ID and status."""

    _inherit = "res.partner"

    # roles
    role_customer = fields.Boolean(string="Customer", copy=False, index="btree_not_null")
    role_vendor = fields.Boolean(string="Vendor", copy=False)
    role_employee = fields.Boolean(string="Employee", copy=False)
    role_branch = fields.Boolean(string="Branch", copy=False)
    role_lead = fields.Boolean(string="Lead", copy=False)
    role_project = fields.Boolean(string="Project", copy=False)
    role_user = fields.Boolean(string="User", copy=False)

    # status
    account_status = fields.Selection(
        selection=[
            ("active", "Active"),
            ("inactive", "Inactive"),
            ("locked", "Locked"),
            ("hold", "Credit Hold"),
        ],
        default="active",
        required=True,
        copy=False,
        tracking=True,
    )
