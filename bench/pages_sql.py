"""The shortest SQL that gives what each of our pages shows, for bench_pages.py."""

_OPEN = """
    SELECT line.partner_id, amount_residual AS open, CURRENT_DATE - date_maturity AS late
      FROM account_move_line AS line
     WHERE account_id IN (SELECT id FROM account_account WHERE account_type = 'asset_receivable')
       AND parent_state = 'posted' AND reconciled IS NOT TRUE AND amount_residual <> 0
       AND company_id = 1
"""
_BUCKETS = """
    SUM(open) FILTER (WHERE late <= 0), SUM(open) FILTER (WHERE late BETWEEN 1 AND 30),
    SUM(open) FILTER (WHERE late BETWEEN 31 AND 60),
    SUM(open) FILTER (WHERE late BETWEEN 61 AND 90),
    SUM(open) FILTER (WHERE late BETWEEN 91 AND 120), SUM(open) FILTER (WHERE late > 120), SUM(open)
"""
_AGED = f"""
    SELECT partner.complete_name, {_BUCKETS}, count(*) OVER ()
      FROM ({_OPEN}) AS item JOIN res_partner AS partner ON partner.id = item.partner_id
     GROUP BY partner.id ORDER BY partner.complete_name LIMIT 80
"""
# What stands above the rows: the sums of all, and the balance of the ledger that they tie to.
_HEAD = (
    f"SELECT {_BUCKETS}, count(*) FROM ({_OPEN}) AS item",
    """
    SELECT SUM(balance) FROM account_move_line
     WHERE account_id IN (SELECT id FROM account_account WHERE account_type = 'asset_receivable')
       AND parent_state = 'posted' AND company_id = 1 AND date <= CURRENT_DATE
    """,
)
_DOCUMENTS = "move_type IN ('out_invoice', 'out_refund', 'out_receipt')"
# The newest of each kind; what is looked up of them alone: when each was paid.
_HISTORY = f"""
    SELECT document.*, partner.complete_name, (
            SELECT MAX(max_date) FROM account_move_line AS line
              JOIN account_partial_reconcile AS partial
                ON line.id IN (partial.debit_move_id)
             WHERE line.move_id = document.id AND line.display_type = 'payment_term'
               AND document.kind = 'invoice') AS paid_on
      FROM (
        (SELECT 'order' AS kind, id, partner_id, name, date_order::date AS date, amount_total
           FROM sale_order WHERE state <> 'cancel' ORDER BY date_order::date DESC, id DESC LIMIT 80)
        UNION ALL
        (SELECT 'invoice', id, partner_id, name, COALESCE(invoice_date, date) AS date, amount_total
           FROM account_move WHERE {_DOCUMENTS} AND state = 'posted'
          ORDER BY date DESC, id DESC LIMIT 80)
        UNION ALL
        (SELECT 'payment', id, partner_id, name, date, amount
           FROM account_payment WHERE partner_type = 'customer' AND state IN ('in_process', 'paid')
          ORDER BY date DESC, id DESC LIMIT 80)
      ) AS document
      JOIN res_partner AS partner ON partner.id = document.partner_id
     ORDER BY date DESC LIMIT 80
"""
_ONE = """
    SELECT count(*) FROM (SELECT FROM sale_order WHERE state <> 'cancel' LIMIT 10001) AS found
"""
# Paid is what is matched with money: neither write-offs nor bills.
_REP_SALES = f"""
    SELECT invoice_user_id, count(*), SUM(amount_untaxed_signed),
           SUM(ROUND(amount_untaxed_signed * CASE WHEN amount_total = 0 THEN 1
               WHEN paid.amount IS NULL THEN 0 ELSE LEAST(paid.amount / amount_total, 1) END, 2))
      FROM account_move
      LEFT JOIN (
            SELECT line.move_id, SUM(partial.amount * (
                       other_move.move_type <> 'entry' OR payment.id IS NOT NULL
                       OR journal.type IN ('bank', 'cash', 'credit'))::integer) AS amount
              FROM account_move AS document
              JOIN account_move_line AS line
                ON line.move_id = document.id AND line.display_type = 'payment_term'
              JOIN account_partial_reconcile AS partial ON partial.debit_move_id = line.id
              JOIN account_move_line AS other ON other.id = partial.credit_move_id
              JOIN account_move AS other_move ON other_move.id = other.move_id
              JOIN account_journal AS journal ON journal.id = other_move.journal_id
              LEFT JOIN account_payment AS payment ON payment.id = other.payment_id
             WHERE other_move.state = 'posted' AND {_DOCUMENTS.replace("move_", "document.move_")}
               AND {{documents}}
             GROUP BY 1) AS paid ON paid.move_id = account_move.id
     WHERE {_DOCUMENTS} AND state = 'posted' AND {{moves}}
     GROUP BY 1
"""
_MONTH = "date_trunc('month', now())"
_ME = "(SELECT id FROM res_users WHERE login = 'bookkeeper')"


def _rep_sales(begin, user=""):
    """
    :param begin: the first day; the last one is that of this month
    :param user: an id; none for all
    """
    dated = f"invoice_date BETWEEN {begin} AND {_MONTH} + interval '1 month' - interval '1 day'"
    whose = f"invoice_user_id = {user}" if user else "TRUE"
    return _REP_SALES.format(
        moves=f"{dated} AND {whose}",
        documents=f"document.{dated} AND {f'document.{whose}' if user else whose}",
    )


# Whose first order or invoice is of this month.
_SOLD = "{name}.move_type IN ('out_invoice', 'out_receipt') AND {name}.state = 'posted'"
_NEW_CUSTOMERS = f"""
    SELECT partner.id, partner.complete_name, partner.ref FROM res_partner AS partner
     WHERE customer_rank > 0 AND active AND (is_company OR parent_id IS NULL)
       AND commercial_partner_id IN (
            SELECT commercial_partner_id FROM account_move AS sale
             WHERE {_SOLD.format(name="sale")} AND invoice_date >= {_MONTH}
             UNION ALL
            SELECT contact.commercial_partner_id
              FROM sale_order AS sale JOIN res_partner AS contact ON contact.id = sale.partner_id
             WHERE state = 'sale' AND date_order >= {_MONTH})
       AND NOT EXISTS (
            SELECT FROM account_move AS sale
             WHERE {_SOLD.format(name="sale")} AND invoice_date < {_MONTH}
               AND sale.commercial_partner_id = partner.commercial_partner_id)
       AND NOT EXISTS (
            SELECT FROM sale_order AS sale JOIN res_partner AS contact
                ON contact.id = sale.partner_id
             WHERE state = 'sale' AND date_order < {_MONTH}
               AND contact.commercial_partner_id = partner.commercial_partner_id)
     ORDER BY partner.id DESC LIMIT 100
"""
_STAGES = """
    SELECT stage_id, count(*), SUM(expected_revenue) FROM bizuno_project WHERE active GROUP BY 1
"""
_CARDS = """
    SELECT card.* FROM bizuno_project_stage AS stage, LATERAL (
        SELECT project.*, partner.complete_name FROM bizuno_project AS project
          JOIN res_partner AS partner ON partner.id = project.partner_id
         WHERE project.stage_id = stage.id AND project.active ORDER BY project.id LIMIT 40) AS card
"""
# The bar above each column: its projects by their next activity.
_ACTIVITIES = """
    SELECT stage_id, state, count(*)
      FROM bizuno_project AS project
      JOIN LATERAL (
            SELECT MIN(SIGN(date_deadline - CURRENT_DATE)) AS state FROM mail_activity
             WHERE res_model = 'bizuno.project' AND res_id = project.id AND active) AS next ON TRUE
     WHERE project.active GROUP BY 1, 2
"""
_LOG = """
    SELECT log.*, partner.complete_name FROM bizuno_contact_log AS log
      JOIN res_partner AS partner ON partner.id = log.partner_id
     ORDER BY log.date DESC, log.id DESC LIMIT {limit}
"""
_REMINDERS = """
    SELECT reminder.*, partner.complete_name FROM bizuno_reminder AS reminder
      JOIN res_partner AS partner ON partner.id = reminder.partner_id
     WHERE date_next {due} ORDER BY date_next, reminder.id LIMIT 80
"""
# Each with what its customer owes, which says why it waits.
_WAITS = f"""
    SELECT wait.*, sale.amount_total, partner.complete_name, debt.*, count(*) OVER ()
      FROM bizuno_credit_wait AS wait
      JOIN sale_order AS sale ON sale.id = wait.order_id AND sale.state IN ('draft', 'sent')
      JOIN res_partner AS partner ON partner.id = wait.partner_id
      LEFT JOIN LATERAL (SELECT SUM(open), SUM(open) FILTER (WHERE late > 0)
                           FROM ({_OPEN} AND line.partner_id = wait.partner_id) AS item
           ) AS debt ON TRUE
     ORDER BY wait.date, wait.id LIMIT 80
"""
_LIMIT = "(partner.credit_limit ->> '1')::numeric"
# What the customer owes, and will owe by the document.
_IS_OVER = f"""
    {_LIMIT} > 0 AND COALESCE(debt.open, 0) + CASE
        WHEN document.state IN ('draft', 'sent') THEN document.amount_total ELSE 0 END > {_LIMIT}
"""
_IS_LATE = f"debt.late > 0 AND ({_IS_OVER}) IS NOT TRUE"


def _first(table, payer, order, condition):
    """The first 80 documents, and how many there are."""
    found = f"""
        FROM {table} AS document
        JOIN res_partner AS contact ON contact.id = document.{payer}
        JOIN res_partner AS partner ON partner.id = contact.commercial_partner_id
        LEFT JOIN (SELECT partner_id, SUM(open) AS open, SUM(open) FILTER (WHERE late > 0) AS late
                     FROM ({_OPEN}) AS item GROUP BY 1) AS debt ON debt.partner_id = partner.id
       WHERE {condition}
    """
    return (
        f"SELECT document.id, document.name {found} ORDER BY {order} LIMIT 80",
        f"SELECT count(*) FROM (SELECT {found} LIMIT 10001) AS found",
    )


_ORDERS = ("sale_order", "partner_invoice_id", "document.date_order DESC, document.id DESC")
_INVOICES = (
    "account_move", "partner_id", "document.date DESC, document.name DESC,"
    " document.invoice_date DESC, document.id DESC"
)  # fmt: skip
_ORDER, _INVOICE = "document.state <> 'cancel' AND ", "document.move_type = 'out_invoice' AND "
SQL = {
    "aged receivables": (_AGED, *_HEAD),
    "history": (_HISTORY, _ONE),
    "dashboard": (
        _AGED.replace("complete_name LIMIT 80", "complete_name LIMIT 10"),
        f"SELECT {_BUCKETS} FROM ({_OPEN}) AS item",
        _STAGES,
        _LOG.format(limit=10),
        _REMINDERS.format(due="<= CURRENT_DATE"),
        _NEW_CUSTOMERS,
        _rep_sales(f"{_MONTH} - interval '1 month'", _ME),
        """
        SELECT count(*) FROM bizuno_credit_wait AS wait JOIN sale_order AS sale
            ON sale.id = wait.order_id WHERE sale.state IN ('draft', 'sent')
        """,
    ),
    "sales by rep": (_rep_sales(_MONTH),),
    "hold desk": (_WAITS,),
    "pipeline": (_STAGES, _CARDS, _ACTIVITIES),
    "contact log": (
        _LOG.format(limit=80),
        "SELECT count(*) FROM (SELECT FROM bizuno_contact_log LIMIT 10001) AS found",
    ),
    "reminders": (
        _REMINDERS.format(due="IS NOT NULL"),
        "SELECT count(*) FROM (SELECT FROM bizuno_reminder LIMIT 10001) AS found",
    ),
    "quotations over the limit": _first(*_ORDERS, _ORDER + _IS_OVER),
    "quotations past due": _first(*_ORDERS, _ORDER + _IS_LATE),
    "invoices over the limit": _first(*_INVOICES, _INVOICE + _IS_OVER),
    "invoices past due": _first(*_INVOICES, _INVOICE + _IS_LATE),
}
