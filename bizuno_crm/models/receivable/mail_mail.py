from odoo import models


class MailMail(models.Model):
    # What becomes of the e-mail of a statement of account is written on its line.

    _inherit = "mail.mail"

    def write(self, vals):
        done = super().write(vals)
        if "state" in vals:
            lines = self.env["bizuno.statement.mailing.line"]
            if mails := self.filtered(lambda mail: mail.model == lines._name):
                lines._follow_mails(mails)
        return done

    def unlink(self):
        """What is deleted on its way does not arrive."""
        line_model = self.env["bizuno.statement.mailing.line"]._name
        self.filtered(lambda mail: mail.model == line_model and mail.state == "outgoing").cancel()
        return super().unlink()
