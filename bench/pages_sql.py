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
_DOCUMENTS = "move_type IN ('out_invoice', 'out_refund')"
_HISTORY = f"""
    SELECT * FROM (
        (SELECT 'order', id, partner_id, name, date_order::date AS date, amount_total
           FROM sale_order WHERE state <> 'cancel' ORDER BY date_order DESC LIMIT 80)
        UNION ALL
        (SELECT move_type, id, partner_id, name, date, amount_total
           FROM account_move WHERE {_DOCUMENTS} AND state = 'posted' ORDER BY date DESC LIMIT 80)
        UNION ALL
        (SELECT 'payment', line.id, line.partner_id, move.name, line.date, -line.balance
           FROM account_move_line AS line JOIN account_move AS move ON move.id = line.move_id
          WHERE line.account_id IN (SELECT id FROM account_account
                                     WHERE account_type = 'asset_receivable')
            AND move.move_type = 'entry' AND line.parent_state = 'posted'
          ORDER BY line.date DESC LIMIT 80)
    ) AS document ORDER BY date DESC LIMIT 80
"""
_ONE = """
    SELECT count(*) FROM (SELECT FROM sale_order WHERE state <> 'cancel' LIMIT 10001) AS some
"""
_REP_SALES = f"""
    SELECT invoice_user_id, count(*), SUM(amount_untaxed_signed),
           SUM(amount_total_signed - amount_residual_signed)
      FROM account_move WHERE {_DOCUMENTS} AND state = 'posted' GROUP BY 1
"""
_STAGES = """
    SELECT stage_id, count(*), SUM(expected_revenue) FROM bizuno_project WHERE active GROUP BY 1
"""
_CARDS = """
    SELECT card.* FROM bizuno_project_stage AS stage, LATERAL (
        SELECT project.*, partner.complete_name FROM bizuno_project AS project
          JOIN res_partner AS partner ON partner.id = project.partner_id
         WHERE project.stage_id = stage.id AND project.active ORDER BY project.id LIMIT 20) AS card
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
_CUSTOMERS = f"""
    SELECT partner.id FROM res_partner AS partner
      JOIN (SELECT partner_id, SUM(open) AS open, SUM(open) FILTER (WHERE late > 0) AS late
              FROM ({_OPEN}) AS item GROUP BY 1) AS debt ON debt.partner_id = partner.id
     WHERE {{condition}}
"""
_LIMIT = "(partner.credit_limit ->> '1')::numeric"
_OVER = _CUSTOMERS.format(condition=f"{_LIMIT} > 0 AND debt.open > {_LIMIT}")
_LATE = _CUSTOMERS.format(
    condition=f"debt.late > 0 AND NOT (coalesce({_LIMIT}, 0) > 0 AND debt.open > {_LIMIT})"
)


def _first(table, order, customers, where="TRUE"):
    found = f"FROM {table} WHERE {where} AND partner_id IN ({customers})"
    return (
        f"SELECT id, name {found} ORDER BY {order} LIMIT 80",
        f"SELECT count(*) FROM (SELECT {found} LIMIT 10001) AS some",
    )


_ORDERS = ("sale_order", "date_order DESC, id DESC")
_INVOICES = (
    "account_move", "date DESC, name DESC, invoice_date DESC, id DESC"
)  # fmt: skip
_INVOICE = "move_type = 'out_invoice'"
SQL = {
    "aged receivables": (_AGED,),
    "history": (_HISTORY, _ONE),
    "dashboard": (
        _AGED.replace("complete_name LIMIT 80", "complete_name LIMIT 10"),
        f"SELECT {_BUCKETS} FROM ({_OPEN}) AS item",
        _STAGES,
        _LOG.format(limit=10),
        _REMINDERS.format(due="<= CURRENT_DATE"),
        "SELECT id, complete_name FROM res_partner WHERE customer_rank > 0 AND parent_id IS NULL"
        " AND create_date >= date_trunc('month', now()) ORDER BY id DESC LIMIT 10",
    ),
    "sales by rep": (_REP_SALES,),
    "hold desk": (
        *_first(*_ORDERS, _OVER, "state IN ('draft', 'sent')"),
        *_first(*_INVOICES, _OVER, f"{_INVOICE} AND state = 'draft'"),
    ),
    "pipeline": (_STAGES, _CARDS),
    "contact log": (
        _LOG.format(limit=80),
        "SELECT count(*) FROM (SELECT FROM bizuno_contact_log LIMIT 10001) AS some",
    ),
    "reminders": (
        _REMINDERS.format(due="IS NOT NULL"),
        "SELECT count(*) FROM (SELECT FROM bizuno_reminder LIMIT 10001) AS some",
    ),
    "quotations over the limit": _first(*_ORDERS, _OVER),
    "quotations past due": _first(*_ORDERS, _LATE),
    "invoices over the limit": _first(*_INVOICES, _OVER, _INVOICE),
    "invoices past due": _first(*_INVOICES, _LATE, _INVOICE),
}
