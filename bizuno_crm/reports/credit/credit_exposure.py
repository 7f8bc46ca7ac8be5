"""The SQL of credit control, for any number of customers at once."""

from odoo.tools import SQL


def open_orders_sql(env, companies, partner_ids=None):
    """What is confirmed and not invoiced yet, in company currency: partner_id, amount.

    By quantity, line by line: what is ordered (or delivered, where more is and will be billed) and
    not on posted invoices, at the price with taxes, less what was paid down. Drafts do not count.
    `sale.order._get_amount_left` says it of one order.

    :param companies: ids of companies of one currency, as an SQL array
    :param partner_ids: ids of commercial partners; None for all
    """
    for model, names in (
        ("sale.order", ["amount_total", "company_id", "currency_id", "currency_rate",
                        "partner_invoice_id", "state"]),
        ("sale.order.line", ["display_type", "order_id", "price_total",
                             "product_uom_id", "product_uom_qty", "qty_delivered",
                             "qty_to_invoice", "invoice_lines"]),
        ("account.move.line", ["is_downpayment", "move_id", "price_total", "product_uom_id",
                               "quantity"]),
        ("account.move", ["currency_id", "invoice_currency_rate", "move_type", "payment_state",
                          "state"]),
        ("uom.uom", ["factor"]),
        ("res.partner", ["commercial_partner_id"]),
    ):  # fmt: skip
        env[model].flush_model(names)
    return SQL(
        """
        SELECT contact.commercial_partner_id AS partner_id,
               SUM(
                   GREATEST(
                       rest.amount * COALESCE(sale.amount_total / NULLIF(rest.total, 0), 1), 0
                   ) / COALESCE(NULLIF(sale.currency_rate, 0), 1)
               ) AS amount
          FROM sale_order sale
          JOIN res_partner contact ON contact.id = sale.partner_invoice_id
          JOIN LATERAL (
                SELECT SUM(line.price_total) AS total,
                       SUM(
                           CASE
                           WHEN line.product_uom_qty < 0
                           THEN line.price_total / line.product_uom_qty
                                * LEAST(line.product_uom_qty - COALESCE(billed.quantity, 0), 0)
                           WHEN line.product_uom_qty > 0
                           THEN line.price_total / line.product_uom_qty
                                * GREATEST(
                                    line.product_uom_qty - COALESCE(billed.quantity, 0),
                                    LEAST(
                                        line.qty_to_invoice,
                                        line.qty_delivered - COALESCE(billed.quantity, 0)
                                    ),
                                    0
                                )
                           ELSE 0 END - COALESCE(billed.paid_down, 0)
                       ) AS amount
                  FROM sale_order_line line
                  LEFT JOIN uom_uom unit ON unit.id = line.product_uom_id
                  LEFT JOIN LATERAL (
                        SELECT SUM(
                                   %(sign)s * bill.quantity
                                   * COALESCE(NULLIF(bill_unit.factor, 0), 1)
                                   / COALESCE(NULLIF(unit.factor, 0), 1)
                               ) FILTER (WHERE bill.is_downpayment IS NOT TRUE) AS quantity,
                               SUM(
                                   %(sign)s * bill.price_total
                                   * CASE WHEN move.currency_id = sale.currency_id THEN 1
                                     ELSE COALESCE(NULLIF(sale.currency_rate, 0), 1)
                                          / COALESCE(NULLIF(move.invoice_currency_rate, 0), 1)
                                     END
                               ) FILTER (WHERE bill.is_downpayment) AS paid_down
                          FROM sale_order_line_invoice_rel link
                          JOIN account_move_line bill ON bill.id = link.invoice_line_id
                          JOIN account_move move ON move.id = bill.move_id
                          LEFT JOIN uom_uom bill_unit ON bill_unit.id = bill.product_uom_id
                         WHERE link.order_line_id = line.id
                           AND (move.state = 'posted' OR move.payment_state = 'invoicing_legacy')
                       ) billed ON TRUE
                 WHERE line.order_id = sale.id AND line.display_type IS NULL
               ) rest ON TRUE
         WHERE sale.state = 'sale'
           AND sale.company_id = ANY(%(companies)s)
           AND %(partners)s
         GROUP BY contact.commercial_partner_id
        """,
        # Odoo's `direction_sign`, the other way round: what an invoice bills is positive.
        sign=SQL(
            "CASE WHEN move.move_type IN"
            " ('entry', 'in_invoice', 'out_refund', 'in_receipt') THEN -1 ELSE 1 END"
        ),
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
