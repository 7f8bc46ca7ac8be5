from odoo import api, fields, models


class ResPartner(models.Model):
    # Credit hold and lock: who set them and why is in the chatter, and whoever chooses the customer
    # sees it.

    _inherit = "res.partner"

    account_status_reason = fields.Char(
        string="Reason of Status",
        copy=False,
        tracking=True,
        readonly=True,
        groups="base.group_user",
    )

    def write(self, vals):
        # The reason of a hold is none for what comes after it.
        if vals.get("account_status") and "account_status_reason" not in vals:
            status = vals["account_status"]
            ended = self.filtered(
                lambda one: (
                    one.account_status_reason
                    # An archived account has its hold, and the reason, when it is back.
                    and status not in ("inactive", one.account_restriction)
                )
            )
            if ended:
                ended.sudo().account_status_reason = False
        result = super().write(vals)
        if not vals.keys().isdisjoint(("account_status", "account_restriction")):
            self.env["res.partner"].invalidate_model(["display_name"], flush=False)
        return result

    @api.depends_context("res_partner_search_mode")
    def _compute_display_name(self):
        # Where a customer is chosen, on orders and invoices, the name says that it is on hold. The
        # status is no dependency: each invoice of the customer stores a name, and would be written.
        super()._compute_display_name()
        if self.env.context.get("res_partner_search_mode") != "customer":
            return
        if not self.env.user._is_internal():
            return  # the customer, who can send a context as well
        labels = dict(self._fields["account_restriction"]._description_selection(self.env))
        for partner in self:
            status = partner.commercial_partner_id.sudo().account_restriction
            if status:
                first, newline, address = partner.display_name.partition("\n")
                partner.display_name = f"{first} ({labels[status]}){newline}{address}"

    def action_open_account_status(self):
        """The dialog that puts the account on hold, locks or releases it, and asks why.

        :return: a window action
        :raise AccessError: without the right to change the customer's account
        """
        return self._get_account_dialog(
            "bizuno.account.status.wizard",
            self.env._("Status of %(customer)s", customer=self.name),
            self.env._("Status"),
        )
