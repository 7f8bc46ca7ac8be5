"""What of orders was sold at the till: settled there, or paid down."""

from odoo.tools import SQL

# As Odoo counts what the till has invoiced.
UNSOLD = ("draft", "cancel")


def till_bills_sql(env):
    """What the till has sold of the `line` of the order `sale`: rows like those of
    `order_left.invoices_sql`."""
    env["pos.config"].flush_model(["currency_id"])
    env["pos.order"].flush_model(["config_id", "currency_rate", "state"])
    env["pos.order.line"].flush_model(
        ["order_id", "price_subtotal", "price_subtotal_incl", "qty", "sale_order_line_id"]
    )
    env["product.template"].flush_model(["uom_id"])
    return SQL(
        """
        SELECT CASE WHEN line.is_downpayment IS NOT TRUE
               THEN sold.qty * COALESCE(NULLIF(sold_unit.factor, 0), 1)
                    / COALESCE(NULLIF(unit.factor, 0), 1) END AS quantity,
               CASE WHEN line.is_downpayment
               THEN sold.price_subtotal_incl * %(rate)s END AS paid_down,
               CASE WHEN line.is_downpayment
               THEN sold.price_subtotal * %(rate)s END AS paid_down_untaxed
          FROM pos_order_line sold
          JOIN pos_order till ON till.id = sold.order_id
          LEFT JOIN pos_config shop ON shop.id = till.config_id
          LEFT JOIN product_product product ON product.id = line.product_id
          LEFT JOIN product_template template ON template.id = product.product_tmpl_id
          LEFT JOIN uom_uom sold_unit ON sold_unit.id = template.uom_id
          LEFT JOIN uom_uom unit ON unit.id = line.product_uom_id
         WHERE sold.sale_order_line_id = line.id AND till.state NOT IN %(unsold)s
        """,
        rate=SQL(
            "CASE WHEN shop.currency_id = sale.currency_id THEN 1"
            " ELSE COALESCE(NULLIF(sale.currency_rate, 0), 1)"
            " / COALESCE(NULLIF(till.currency_rate, 0), 1) END"
        ),
        unsold=UNSOLD,
    )
