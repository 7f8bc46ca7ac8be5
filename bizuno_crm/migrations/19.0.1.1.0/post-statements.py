"""Statements that were sent hung on the customer, whose attachments all users read: to the line of
the mailing, which readers of receivables read."""

from datetime import timedelta

from odoo import SUPERUSER_ID, api

# The message was written in the transaction that made the line "sent".
MOMENT = timedelta(minutes=10)


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    lines = env["bizuno.statement.mailing.line"].search(
        [("state", "=", "sent"), ("mail_id", "=", False), ("date_sent", "!=", False)]
    )
    for line in lines:
        notes = env["mail.message"].search(
            [
                ("model", "=", "res.partner"),
                ("res_id", "=", line.partner_id.id),
                ("author_id", "=", line.mailing_id.user_id.partner_id.id),
                ("date", ">=", line.date_sent - MOMENT),
                ("date", "<=", line.date_sent + MOMENT),
            ]
        )
        files = notes.attachment_ids.filtered(
            lambda file: file.mimetype == "application/pdf" and file.res_model == "res.partner"
        )
        files.write({"res_model": line._name, "res_id": line.id})
