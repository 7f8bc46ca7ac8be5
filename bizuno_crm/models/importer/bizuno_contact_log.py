from odoo import models

from .importer import Importer


class BizunoContactLog(models.Model):
    # Years of calls are brought over at once: they stand in the log, and would bury what people
    # write on a contact's page. The context names the running import itself, which no client can.

    _inherit = "bizuno.contact.log"

    def _post_in_chatter(self):
        if isinstance(self.env.context.get("bizuno_import"), Importer):
            return None
        return super()._post_in_chatter()
