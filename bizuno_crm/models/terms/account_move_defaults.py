from odoo import models


class AccountMove(models.Model):
    """Who is invoiced has a customer's terms and limit: at the latest when the invoice is posted,
    and before its credit is judged. Odoo makes a customer of the contact in the same step."""

    _inherit = "account.move"

    def write(self, vals):
        if vals.get("state") == "posted":
            lending = self.filtered(lambda move: move.state != "posted" and move._lends())
            for company, moves in lending.grouped("company_id").items():
                moves.commercial_partner_id._give_defaults_once_sold_to(company)
        return super().write(vals)
