from odoo import api, fields, models

# Bizuno's column `inactive`: 0, 1, 2, H.
STATUSES = [
    ("active", "Active"),
    ("inactive", "Inactive"),
    ("locked", "Locked"),
    ("hold", "Credit Hold"),
]
# What was decided together stays together.
RESTRICTION = ("account_restriction", "account_status_reason")


class ResPartner(models.Model):
    # The status of the account. Inactive *is* Odoo's archived; what a contact was before it was
    # archived is kept, so that a credit hold is back when the contact is.

    _inherit = "res.partner"

    account_status = fields.Selection(
        selection=STATUSES,
        compute="_compute_account_status",
        store=True,
        precompute=True,
        readonly=False,
        copy=False,
        tracking=True,
        help="Active, inactive (archived), locked, or on credit hold.",
    )
    account_restriction = fields.Selection(
        selection=[status for status in STATUSES if status[0] in ("locked", "hold")],
        copy=False,
        readonly=True,
        help="The status of the account whenever it is not archived; blank means active.",
    )

    @api.depends("active", "account_restriction")
    def _compute_account_status(self):
        for partner in self:
            status = partner.account_restriction or "active"
            partner.account_status = status if partner.active else "inactive"

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._split_account_status(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._split_account_status(vals))

    @api.model
    def _split_account_status(self, vals):
        """A status given is written as what it is made of: archived or not, and restricted how."""
        if not vals.get("account_status"):
            return {name: value for name, value in vals.items() if name != "account_status"}
        vals = dict(vals)
        status = vals.pop("account_status")
        vals["active"] = status != "inactive"
        if vals["active"]:
            vals["account_restriction"] = status if status != "active" else False
        return vals
