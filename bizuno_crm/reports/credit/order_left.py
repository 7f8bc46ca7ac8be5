"""The SQL of what is left of orders, line by line and by quantity: what `_get_billed` and
`_get_quantity_left` say of one `sale.order.line`."""

from odoo.tools import SQL

# Whether a `move` counts as billed.
IS_BILLED = SQL("move.state = 'posted' OR move.payment_state = 'invoicing_legacy'")

# What the queries read, by model.
SOURCES = {
    "account.move": [
        "currency_id", "invoice_currency_rate", "move_type", "payment_state", "state",
    ],
    "account.move.line": [
        "is_downpayment", "move_id", "price_subtotal", "price_total", "product_uom_id", "quantity",
    ],
    "sale.order": ["currency_id", "currency_rate"],
    "sale.order.line": [
        "display_type", "invoice_lines", "order_id", "price_subtotal", "price_total",
        "product_uom_id", "product_uom_qty", "qty_delivered", "qty_to_invoice",
    ],
    "uom.uom": ["factor"],
}  # fmt: skip


def billed_sql(env, is_billed=IS_BILLED):
    """What is billed of the `line` of the order `sale`: a query of one row, quantity (in the unit
    of the line) and what was paid down, paid_down with taxes and paid_down_untaxed without, in the
    currency of the order. Each may be NULL.

    :param is_billed: whether a `move` counts as billed, an SQL condition
    """
    return SQL(
        """
        SELECT SUM(bill.quantity) AS quantity, SUM(bill.paid_down) AS paid_down,
               SUM(bill.paid_down_untaxed) AS paid_down_untaxed
          FROM (%s) bill
        """,
        env["sale.order.line"]._get_bills_sql(is_billed),
    )


def invoices_sql(is_billed):
    """What invoices bill of the `line` of the order `sale`: rows like the one of `billed_sql`."""
    return SQL(
        """
        SELECT CASE WHEN bill.is_downpayment IS NOT TRUE
               THEN %(sign)s * bill.quantity * COALESCE(NULLIF(bill_unit.factor, 0), 1)
                    / COALESCE(NULLIF(unit.factor, 0), 1) END AS quantity,
               CASE WHEN bill.is_downpayment
               THEN %(sign)s * bill.price_total * %(rate)s END AS paid_down,
               CASE WHEN bill.is_downpayment
               THEN %(sign)s * bill.price_subtotal * %(rate)s END AS paid_down_untaxed
          FROM sale_order_line_invoice_rel link
          JOIN account_move_line bill ON bill.id = link.invoice_line_id
          JOIN account_move move ON move.id = bill.move_id
          LEFT JOIN uom_uom bill_unit ON bill_unit.id = bill.product_uom_id
          LEFT JOIN uom_uom unit ON unit.id = line.product_uom_id
         WHERE link.order_line_id = line.id AND (%(is_billed)s)
        """,
        # Odoo's `direction_sign`, the other way round: what an invoice bills is positive.
        sign=SQL(
            "CASE WHEN move.move_type IN"
            " ('entry', 'in_invoice', 'out_refund', 'in_receipt') THEN -1 ELSE 1 END"
        ),
        rate=SQL(
            "CASE WHEN move.currency_id = sale.currency_id THEN 1"
            " ELSE COALESCE(NULLIF(sale.currency_rate, 0), 1)"
            " / COALESCE(NULLIF(move.invoice_currency_rate, 0), 1) END"
        ),
        is_billed=is_billed,
    )


def left_sql(price):
    """What is left of the `line` at a price of the whole line, what was paid down not taken off: an
    SQL expression, beside a `billed` as `billed_sql` has it.

    What is ordered, or delivered where more is and will be billed, and not billed; at a line that
    takes back, less than nothing.

    :param price: of the whole line, an SQL expression
    """
    return SQL(
        """
        CASE WHEN line.product_uom_qty < 0
        THEN %(price)s / line.product_uom_qty
             * LEAST(line.product_uom_qty - COALESCE(billed.quantity, 0), 0)
        WHEN line.product_uom_qty > 0
        THEN %(price)s / line.product_uom_qty
             * GREATEST(
                 line.product_uom_qty - COALESCE(billed.quantity, 0),
                 LEAST(line.qty_to_invoice, line.qty_delivered - COALESCE(billed.quantity, 0)),
                 0
             )
        ELSE 0 END
        """,
        price=price,
    )
