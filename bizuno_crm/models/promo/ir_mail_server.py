import socket

from odoo import api, models
from odoo.tools import config


class IrMailServer(models.Model):
    _inherit = "ir.mail_server"

    @api.model
    def _promo_is_set_up(self):
        """Whether Odoo has been told of a mail server, by a record or in the configuration file.
        Nothing is tried: a page that is opened waits for no server."""
        is_configured = config["smtp_server"] not in (False, "", "localhost")
        return is_configured or bool(self.sudo().search_count([], limit=1))

    @api.model
    def _promo_can_send(self):
        """Whether there is a mail server: one of Odoo's records, or the one of the configuration
        file, which names localhost even where nothing listens."""
        if self.sudo().search_count([], limit=1):
            return True
        try:
            socket.create_connection((config["smtp_server"], config["smtp_port"]), 1).close()
        except OSError:
            return False
        return True

    @api.model_create_multi
    def create(self, vals_list):
        """Promotions that waited for a mail server start."""
        servers = super().create(vals_list)
        self.env.ref("mass_mailing.ir_cron_mass_mailing_queue").sudo()._trigger()
        return servers
