import re

from odoo import SUPERUSER_ID, api
from odoo.addons.bizuno_crm.logic.promo_outcome import judge_refusal

_REFUSED = re.compile(r"(?:SMTPRecipientsRefused|SMTPDataError).*?\((\d{3}), (.*)", re.DOTALL)


def migrate(cr, version):
    """The ledger of promotions knows who was left out, who bounced, and that a refusal is no doubt;
    a send counts the people that are its own."""
    cr.execute(
        """
        UPDATE bizuno_promo_recipient AS recipient
           SET send_state = CASE trace.trace_status WHEN 'bounce' THEN 'bounced'
                                                    ELSE 'left_out' END
          FROM bizuno_promo_history AS history, mailing_trace AS trace
         WHERE history.id = recipient.history_id AND trace.mass_mailing_id = history.mailing_id
           AND trace.model = 'bizuno.promo.recipient' AND trace.res_id = recipient.id
           AND (recipient.send_state = 'sent' AND trace.trace_status = 'bounce'
                OR recipient.send_state = 'queued' AND trace.trace_status = 'cancel')
        """
    )
    env = api.Environment(cr, SUPERUSER_ID, {})
    for recipient in env["bizuno.promo.recipient"].search([("send_state", "=", "in_doubt")]):
        reasons = recipient._find_mail().mapped("failure_reason")
        for refused in filter(None, (_REFUSED.search(reason or "") for reason in reasons)):
            recipient.send_state = judge_refusal(int(refused[1]), refused[2])
    env.flush_all()
    env["bizuno.promo.history"].search([])._count_recipients()
