"""Which confirmed orders may come to something else than they say."""

from odoo.tools import SQL


def doubtful_lines_sql(env):
    """The lines of confirmed orders whose stored amounts do not follow from quantity, price and
    discount, or may have been given: a query of ids."""
    env["sale.order"].flush_model(["state"])
    env["sale.order.line"].flush_model()
    return SQL(
        """
        SELECT line.id
          FROM sale_order_line line
          JOIN sale_order sale ON sale.id = line.order_id
          JOIN res_currency currency ON currency.id = sale.currency_id
         CROSS JOIN LATERAL (
                SELECT line.product_uom_qty * line.price_unit
                       * (1 - COALESCE(line.discount, 0) / 100) AS price,
                       2 * currency.rounding AS cents
               ) expected
         WHERE sale.state = 'sale'
           AND line.display_type IS NULL
           AND (
                line.extra_tax_data IS NOT NULL
                -- a tax may be part of the price
                OR (
                    ABS(line.price_subtotal - expected.price) > expected.cents
                    AND ABS(line.price_total - expected.price) > expected.cents
                )
                OR ABS(line.price_total) < ABS(line.price_subtotal) - expected.cents
               )
        """
    )


def doubtful_orders_sql(env):
    """The confirmed orders whose total is not that of their lines, or that are at a rate: a query
    of ids."""
    env["sale.order"].flush_model(["amount_total", "company_id", "currency_id", "state"])
    return SQL(
        """
        SELECT sale.id
          FROM sale_order sale
          JOIN res_currency currency ON currency.id = sale.currency_id
          JOIN res_company company ON company.id = sale.company_id
          LEFT JOIN LATERAL (
                SELECT SUM(line.price_total) AS amount, COUNT(*) AS number
                  FROM sale_order_line line
                 WHERE line.order_id = sale.id AND line.display_type IS NULL
               ) lines ON TRUE
         WHERE sale.state = 'sale'
           AND (
                sale.currency_id <> company.currency_id
                OR sale.currency_rate <> 1
                OR ABS(COALESCE(sale.amount_total, 0) - COALESCE(lines.amount, 0))
                   > currency.rounding * (2 + lines.number)
               )
        """
    )
