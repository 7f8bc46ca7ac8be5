from odoo import api, models


class MailComposeMessage(models.TransientModel):
    # The step of Odoo's mailing that turns recipients into mails, for promotions.

    _inherit = "mail.compose.message"

    @api.depends("mass_mailing_id")
    def _compute_force_send(self):
        """Making the mails and sending them are two jobs: what happens to the one mail that two
        workers meet at must not undo the list of the others."""
        result = super()._compute_force_send()
        for composer in self:
            if composer.mass_mailing_id.sudo().bizuno_promo_history_id:
                composer.force_send = False
        return result

    def _manage_mail_values(self, mail_values_all):
        """Of each batch only what this session could reserve becomes a mail. Whoever has said no
        since the list was frozen has not got it."""
        mailing = self.mass_mailing_id.sudo()
        if mailing.bizuno_promo_history_id and self.model == "bizuno.promo.recipient":
            recipients = self.env["bizuno.promo.recipient"].sudo()
            taken = recipients._take_pending(mailing, mail_values_all)
            mail_values_all = {
                res_id: values for res_id, values in mail_values_all.items() if res_id in taken
            }
            for res_id, values in mail_values_all.items():
                if values.get("state") == "cancel":
                    refused = values.get("failure_type") in ("mail_bl", "mail_optout")
                    recipients.browse(res_id)._set_state("left_out" if refused else "failed")
        return super()._manage_mail_values(mail_values_all)

    def _render_lang(self, res_ids, *args, **kwargs):
        """The texts know their languages; Odoo would look them up one by one."""
        if not self.mass_mailing_id.sudo().is_bizuno_literal:
            return super()._render_lang(res_ids, *args, **kwargs)
        return dict.fromkeys(res_ids, self.env.lang)

    def _render_field(self, field, res_ids, *args, **kwargs):
        """What a rep wrote is text, whatever it looks like."""
        if not self.mass_mailing_id.sudo().is_bizuno_literal or field not in (
            "subject", "body", "email_from", "reply_to",
        ):  # fmt: skip
            return super()._render_field(field, res_ids, *args, **kwargs)
        if field not in ("subject", "body"):
            return dict.fromkeys(res_ids, self[field] or "")
        return self.env["mail.render.mixin"]._promo_render(
            self.mass_mailing_id.sudo(), self[field], res_ids, as_html=field == "body"
        )
