"""The SQL of credit control, for any number of customers at once."""

from odoo.tools import SQL

from . import order_left


def _flush_orders(env):
    """Write out what is pending of what the queries below read."""
    for sources in (
        order_left.SOURCES,
        {
            "account.move.line": ["balance", "display_type", "partner_id"],
            "res.partner": ["commercial_partner_id"],
            "sale.order": ["amount_total", "company_id", "partner_invoice_id", "state"],
        },
    ):
        for model, names in sources.items():
            env[model].flush_model(names)


def open_orders_sql(env, companies, partner_ids=None):
    """What is confirmed and not invoiced yet, in company currency: partner_id, amount.

    :param companies: ids of companies of one currency, as an SQL array
    :param partner_ids: ids of commercial partners; None for all
    """
    _flush_orders(env)
    return SQL(
        """
        SELECT contact.commercial_partner_id AS partner_id,
               SUM(rest.amount / COALESCE(NULLIF(sale.currency_rate, 0), 1)) AS amount
          FROM sale_order sale
          JOIN res_partner contact ON contact.id = sale.partner_invoice_id
          JOIN LATERAL (%(rest)s) rest ON TRUE
         WHERE sale.state = 'sale'
           AND sale.company_id = ANY(%(companies)s)
           AND %(partners)s
         GROUP BY contact.commercial_partner_id
        """,
        rest=_left_sql(env),
        companies=companies,
        partners=SQL(
            "sale.partner_invoice_id IN"
            " (SELECT id FROM res_partner WHERE commercial_partner_id IN %s)",
            tuple(partner_ids) or (0,),
        )
        if partner_ids is not None
        else SQL("TRUE"),
    )


def drafts_sql(company, invoices=None):
    """What drafts of invoices will add to what customers owe, in company currency; what
    `account.move._get_credit_customer` and `_get_credit_added` say of one. A query: id,
    other_payer_id (a commercial partner, if it is not the one that the invoice names), amount
    (NULL for one that will add nothing).

    :param company: `res.company`, as the system
    :param invoices: only these; None for all of the company
    """
    _flush_orders(company.env)
    digits = company.currency_id.decimal_places
    taken = SQL("SELECT 0 AS amount")
    if company.credit_scope == "invoices_and_orders":
        companies = SQL("%s::integer[]", list(company._get_credit_tree_ids()))
        taken = _taken_over_sql(company.env, companies, digits)
    return SQL(
        """
        SELECT draft.id, item.other_payer_id,
               CASE WHEN draft.move_type <> 'out_refund' OR draft.amount_total_signed > 0
               THEN ROUND(
                   (GREATEST(draft.amount_total_signed, item.balance)
                    - COALESCE(taken.amount, 0))::numeric,
                   %(digits)s
               ) END AS amount
          FROM account_move draft
          JOIN LATERAL (
                SELECT COALESCE(SUM(line.balance), 0) AS balance,
                       COALESCE(
                           ARRAY_AGG(DISTINCT contact.commercial_partner_id) FILTER (
                               WHERE contact.id IS NOT NULL
                           ),
                           ARRAY[draft.commercial_partner_id]
                       ) AS debtors,
                       (ARRAY_AGG(contact.commercial_partner_id ORDER BY line.id) FILTER (
                           WHERE contact.commercial_partner_id <> draft.commercial_partner_id
                       ))[1] AS other_payer_id
                  FROM account_move_line line
                  LEFT JOIN res_partner contact ON contact.id = line.partner_id
                 WHERE line.move_id = draft.id AND line.display_type = 'payment_term'
               ) item ON TRUE
          JOIN LATERAL (%(taken)s) taken ON TRUE
         WHERE draft.state = 'draft'
           AND draft.move_type IN ('out_invoice', 'out_receipt', 'out_refund')
           AND draft.company_id = %(company)s
           AND %(chosen)s
        """,
        company=company.id,
        digits=digits,
        taken=taken,
        chosen=SQL("TRUE") if invoices is None else SQL("draft.id = ANY(%s)", invoices.ids),
    )


def _taken_over_sql(env, companies, digits):
    """What an invoice `draft`, of one customer alone (`debtors`, an array), takes over from orders
    that count already, in company currency: by how much less they have left to invoice.
    `account.move._get_taken_over` says it of one invoice.

    A query of one column and one row, to be used within one that has `draft` and `debtors`.

    :param companies: ids of companies of one currency, as an SQL array
    :param int digits: of that currency
    """

    def rounded(amount):
        return SQL("ROUND((%s / currency.rounding)::numeric) * currency.rounding", amount)

    return SQL(
        """
        SELECT SUM(
                   ROUND(
                       ((%(before)s - %(after)s)
                        / COALESCE(NULLIF(sale.currency_rate, 0), 1))::numeric, %(digits)s
                   )
               ) AS amount
          FROM sale_order sale
          JOIN res_currency currency ON currency.id = sale.currency_id
          JOIN res_partner contact ON contact.id = sale.partner_invoice_id
          JOIN LATERAL (%(rest)s) rest ON TRUE
          JOIN LATERAL (%(rest_along)s) rest_along ON TRUE
         WHERE sale.state = 'sale'
           AND sale.company_id = ANY(%(companies)s)
           AND debtors = ARRAY[contact.commercial_partner_id]
           AND sale.id IN (
                SELECT line.order_id
                  FROM account_move_line bill
                  JOIN sale_order_line_invoice_rel link ON link.invoice_line_id = bill.id
                  JOIN sale_order_line line ON line.id = link.order_line_id
                 WHERE bill.move_id = draft.id
               )
        """,
        before=rounded(SQL("rest.amount")),
        after=rounded(SQL("rest_along.amount")),
        rest=_left_sql(env),
        rest_along=_left_sql(env, SQL("%s OR move.id = draft.id", order_left.IS_BILLED)),
        companies=companies,
        digits=digits,
    )


def _left_sql(env, is_billed=order_left.IS_BILLED):
    """What is left of the order `sale`, in its currency, not rounded: a query of one column.

    Line by line at the price with taxes, less what was paid down. `sale.order._get_amount_left`
    says it of one order.

    :param is_billed: whether a `move` counts as billed, an SQL condition
    """
    return SQL(
        """
        SELECT GREATEST(
                   lines.amount * COALESCE(sale.amount_total / NULLIF(lines.total, 0), 1), 0
               ) AS amount
          FROM (
                SELECT SUM(line.price_total) AS total,
                       SUM(%(left)s - COALESCE(billed.paid_down, 0)) AS amount
                  FROM sale_order_line line
                  LEFT JOIN LATERAL (%(billed)s) billed ON TRUE
                 WHERE line.order_id = sale.id AND line.display_type IS NULL
               ) lines
        """,
        left=order_left.left_sql(SQL("line.price_total")),
        billed=order_left.billed_sql(env, is_billed),
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
