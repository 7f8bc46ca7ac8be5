from markupsafe import Markup
from odoo import api, models

from ...logic.promo_body import one_line, with_footer
from ...logic.promo_fields import fill_text, has_fields, join_html, split_html


class MailRenderMixin(models.AbstractModel):
    _inherit = "mail.render.mixin"

    @api.model
    def _promo_render(self, mailing, text, res_ids, as_html, postprocess=True):
        """What rendering gives for a text that is not a template: the text for each recipient,
        with the fields of a fixed list in it and the footer in the recipient's language. Links are
        made absolute and tracked once for each language, not once for each recipient.

        :param mailing: the `mailing.mailing`, in sudo
        :param bool as_html: whether the text is HTML
        :param bool postprocess: whether the links in it are prepared
        :return: {id: text}
        """
        recipients = self.env["bizuno.promo.recipient"].sudo()
        if mailing.mailing_model_real == recipients._name:
            recipients = recipients.browse(res_ids).exists()
        values = recipients._get_field_values() if has_fields(text) else {}
        if not as_html:
            return {
                res_id: one_line(fill_text(text, values[res_id]))
                if res_id in values
                else text or ""
                for res_id in res_ids
            }
        promo = mailing.bizuno_promo_history_id.promo_id
        langs = {recipient.id: recipient.partner_id.lang for recipient in recipients}
        parts = {}
        done = {}
        for res_id in res_ids:
            lang = langs.get(res_id) or None
            if lang not in parts:
                body = with_footer(text, promo._get_footer(lang)) if promo else text or ""
                if postprocess and body:
                    body = self._render_template_postprocess(
                        mailing.mailing_model_real, {res_id: Markup(body)}
                    )[res_id]
                parts[lang] = split_html(body) if res_id in values else [body]
            done[res_id] = Markup(join_html(parts[lang], values.get(res_id, {})))
        return done
