from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ... import messages


class BizunoAccountStatusWizard(models.TransientModel):
    """Puts an account on credit hold, locks or releases it, and asks why."""

    _name = "bizuno.account.status.wizard"
    _description = "Status of a Customer's Account"

    partner_id = fields.Many2one(comodel_name="res.partner", string="Customer", required=True)
    # Several at once, from the hold desk
    partner_ids = fields.Many2many(
        comodel_name="res.partner", string="Customers", context={"active_test": False}
    )
    status = fields.Selection(
        selection=[("active", "Active"), ("hold", "Credit Hold"), ("locked", "Locked")],
        required=True,
        default="hold",
    )
    reason = fields.Char(required=True)

    @api.model
    def default_get(self, fields):
        defaults = super().default_get(fields)
        partner = self.env["res.partner"].browse(defaults.get("partner_id"))
        if "status" in fields and "default_status" in self.env.context:
            return defaults
        if "status" in fields and partner.account_restriction:
            defaults["status"] = "active"
        return defaults

    def action_apply(self):
        """Set the status, with the reason in the chatter.

        :raise AccessError: without the right on the customer's account
        :raise ValidationError: without a reason
        """
        self.ensure_one()
        reason = (self.reason or "").strip()
        if not reason:
            raise ValidationError(
                messages.status_reason_missing(self.env, self.partner_id.display_name)
            )
        is_released = self.status == "active"
        partners = self.partner_ids or self.partner_id
        # The hold is what is decided about: who is inactive and on hold stays inactive.
        whole = partners.filtered(lambda record: is_released and not record.account_restriction)
        whole.account_status = self.status
        (partners - whole).write(
            {
                "account_restriction": not is_released and self.status,
                "account_status_reason": not is_released and reason,
            }
        )
        if is_released:
            for partner in partners:
                partner.sudo().message_post(
                    author_id=self.env.user.partner_id.id,
                    body=self.env._("Account released: %(reason)s", reason=reason),
                    subtype_xmlid="mail.mt_note",
                )
            self.env["bizuno.credit.wait"]._remove_released(partners)
        return {"type": "ir.actions.act_window_close"}
