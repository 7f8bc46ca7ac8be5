"""The SQL of credit control, for any number of customers at once."""

from odoo.tools import SQL


def open_orders_sql(env, companies, partner_ids=None):
    """What is confirmed and not invoiced yet, in company currency: partner_id, amount.

    Of each order the part of its total that is not on posted invoices: an invoice for a down
    payment counts as a part, and drafts do not count.

    :param companies: ids of companies of one currency, as an SQL array
    :param partner_ids: ids of commercial partners; None for all
    """
    env["sale.order"].flush_model(
        ["amount_total", "amount_untaxed", "company_id", "currency_rate", "partner_invoice_id",
         "state"]
    )  # fmt: skip
    env["sale.order.line"].flush_model(["order_id", "untaxed_amount_invoiced"])
    env["res.partner"].flush_model(["commercial_partner_id"])
    return SQL(
        """
        SELECT contact.commercial_partner_id AS partner_id,
               SUM(
                   GREATEST(sale.amount_total * (1 - invoiced.amount / sale.amount_untaxed), 0)
                   / COALESCE(NULLIF(sale.currency_rate, 0), 1)
               ) AS amount
          FROM sale_order sale
          JOIN res_partner contact ON contact.id = sale.partner_invoice_id
          JOIN LATERAL (
                SELECT COALESCE(SUM(untaxed_amount_invoiced), 0) AS amount
                  FROM sale_order_line
                 WHERE order_id = sale.id
               ) invoiced ON TRUE
         WHERE sale.state = 'sale'
           AND sale.amount_untaxed > 0
           AND sale.company_id = ANY(%(companies)s)
           AND %(partners)s
         GROUP BY contact.commercial_partner_id
        """,
        companies=companies,
        partners=SQL(
            "sale.partner_invoice_id IN"
            " (SELECT id FROM res_partner WHERE commercial_partner_id IN %s)",
            tuple(partner_ids) or (0,),
        )
        if partner_ids is not None
        else SQL("TRUE"),
    )


def serialized(query, partner_ids):
    """The query, to be read by one transaction at a time that adds to what these customers owe.

    A transaction reads the database as it was when it began, so waiting for a lock is not enough:
    who waited must not go on with what it read before. The customers' rows are therefore written,
    unchanged; PostgreSQL makes the second transaction fail, and Odoo runs it again on what is true
    then.

    :param partner_ids: ids of commercial partners
    """
    return SQL(
        """
        WITH serialized AS (
            UPDATE res_partner
               SET write_date = write_date
             WHERE id IN (
                    SELECT id FROM res_partner WHERE id IN %s ORDER BY id FOR NO KEY UPDATE
                   )
        )
        %s
        """,
        tuple(partner_ids),
        query,
    )
