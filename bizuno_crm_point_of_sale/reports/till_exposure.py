"""What was sold on account at the till and no entry has booked yet."""

from odoo.tools import SQL

# Sold, and neither invoiced nor part of the entry that closes the session.
SOLD = ("paid", "done")


def till_sql(env, companies, partner_ids=None):
    """In company currency: partner_id (the commercial partner), amount.

    :param companies: ids of companies of one currency, as an SQL array
    :param partner_ids: ids of commercial partners; None for all
    """
    env["pos.order"].flush_model(
        ["account_move", "company_id", "currency_rate", "partner_id", "session_id", "state"]
    )
    env["pos.payment"].flush_model(["amount", "payment_method_id", "pos_order_id"])
    env["pos.payment.method"].flush_model(["journal_id"])
    env["pos.session"].flush_model(["state"])
    return SQL(
        """
        SELECT contact.commercial_partner_id AS partner_id,
               SUM(payment.amount / COALESCE(NULLIF(sale.currency_rate, 0), 1)) AS amount
          FROM pos_payment payment
          JOIN pos_payment_method method ON method.id = payment.payment_method_id
          JOIN pos_order sale ON sale.id = payment.pos_order_id
          JOIN pos_session session ON session.id = sale.session_id
          JOIN res_partner contact ON contact.id = sale.partner_id
         WHERE method.journal_id IS NULL
           AND session.state <> 'closed'
           AND sale.state IN %(sold)s
           AND sale.account_move IS NULL
           AND sale.company_id = ANY(%(companies)s)
           AND %(partners)s
         GROUP BY contact.commercial_partner_id
        """,
        sold=SOLD,
        companies=companies,
        partners=SQL("contact.commercial_partner_id IN %s", tuple(partner_ids) or (0,))
        if partner_ids is not None
        else SQL("TRUE"),
    )
