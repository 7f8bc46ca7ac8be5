from markupsafe import Markup
from odoo import api, models


class MailRenderMixin(models.AbstractModel):
    _inherit = "mail.render.mixin"

    @api.model
    def _promo_render_literally(self, model, text, res_ids, postprocess):
        """What rendering gives for a text that is not a template: the text, for each record;
        links made absolute and tracked once for all of them.

        :param bool postprocess: whether the text is HTML with links
        :return: {id: text}
        """
        if not postprocess or not text or not res_ids:
            return dict.fromkeys(res_ids, text or "")
        first = next(iter(res_ids))
        done = self._render_template_postprocess(model, {first: Markup(text)})[first]
        return dict.fromkeys(res_ids, done)
