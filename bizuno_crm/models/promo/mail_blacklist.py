from odoo import api, models
from odoo.tools import email_normalize


class MailBlacklist(models.Model):
    # An address that is blacklisted has left the newsletter, whoever put it there.

    _inherit = "mail.blacklist"

    @api.model_create_multi
    def create(self, vals_list):
        entries = super().create(vals_list)
        # Odoo returns existing entries among the new ones, archived ones too.
        entries.filtered("active")._promo_opt_out()
        return entries

    def write(self, vals):
        fresh = self.filtered(lambda entry: not entry.active) if vals.get("active") else self[:0]
        result = super().write(vals)
        (self if "email" in vals else fresh).filtered("active")._promo_opt_out()
        return result

    def _promo_opt_out(self):
        emails = [email for email in map(email_normalize, self.mapped("email")) if email]
        if emails:
            # In sudo: the request comes from an anonymous visitor who follows a signed link.
            partners = self.env["res.partner"].sudo().with_context(active_test=False)
            source = "blacklist" if self.env.user._is_internal() else "unsubscribe"
            partners.search([("email_normalized", "in", emails)])._newsletter_opt_out(source)
